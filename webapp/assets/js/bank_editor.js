// The editor of banks: Markdown with Python in its fences, faults marked on their lines.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forEachDiagnostic, lintGutter, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { minimalSetup } from "codemirror";
import { colours, theme, typeOverSelection } from "./editor.js";

const prose = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "650" },
  { tag: tags.strong, fontWeight: "650" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.processingInstruction, tags.labelName], color: "var(--ink-soft)" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
]);

const marks = EditorView.theme({
  ".cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", maxWidth: "60ch", borderLeftColor: "var(--partial)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--fail)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--fail)", textDecorationSkipInk: "none" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dotted var(--partial)", textDecorationSkipInk: "none" },
  ".cm-diagnosticSource": { display: "none" },
  ".cm-lint-marker": { width: "0.9em", height: "0.9em" },
});

export function createBankEditor({ parent, text, label, describedBy, nonce, phrases, onChange, onMove, onTry }) {
  const command = (action) => () => (action(), true);
  let line = 1;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorState.phrases.of(phrases),
        Prec.highest(keymap.of([
          { key: "Alt-Enter", run: command(onTry), preventDefault: true },
          { key: "F8", run: nextDiagnostic },
        ])),
        minimalSetup,
        typeOverSelection,
        lineNumbers(),
        lintGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        bracketMatching(),
        closeBrackets(),
        markdown({ codeLanguages: (info) => (/^py/i.test(info) ? pythonLanguage : null) }),
        indentUnit.of("    "),
        EditorState.tabSize.of(4),
        keymap.of([...closeBracketsKeymap, ...searchKeymap, indentWithTab]),
        theme,
        marks,
        syntaxHighlighting(colours),
        syntaxHighlighting(prose),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange();
          const at = update.state.doc.lineAt(update.state.selection.main.head).number;
          if (at !== line) onMove((line = at));
        }),
      ],
    }),
  });
  const place = (number) => view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  return {
    get text() { return view.state.doc.toString(); },
    get line() { return line; },
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, userEvent: "input.replace" });
    },
    goTo(number, focus = true) {
      const { from } = place(number);
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "start", yMargin: 48 }) });
      if (focus) view.focus();
    },
    /** Faults of one source ("read" or "proof") on their lines; those of the other stay. */
    show(source, faults) {
      const kept = [];
      forEachDiagnostic(view.state, (each, from, to) => each.source !== source && kept.push({ ...each, from, to }));
      const fresh = faults.map(({ line: number, text: message, severity }) => {
        const { from, to } = place(number);
        return { from, to, message, source, severity: severity === "fault" ? "error" : "warning" };
      });
      view.dispatch(setDiagnostics(view.state, [...kept, ...fresh].sort((one, other) => one.from - other.from)));
    },
  };
}
