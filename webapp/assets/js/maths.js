// Mathematics: rendered into the DOM (a string of HTML would need inline styles, which the page's policy refuses).
import katex from "katex";

const DELIMITERS = [
  ["\\[", "\\]", true],
  ["$$", "$$", true],
  ["\\(", "\\)", false],
  ["$", "$", false],
];

export function renderMaths(elements) {
  for (const element of elements) {
    if ("rendered" in element.dataset) continue; // by another call that waited for the same files
    const source = element.textContent.trim();
    let [formula, display] = [source, element.matches("div, .display")];
    for (const [open, close, isDisplay] of DELIMITERS) {
      if (source.startsWith(open) && source.endsWith(close) && source.length >= open.length + close.length) {
        [formula, display] = [source.slice(open.length, -close.length), isDisplay];
        break;
      }
    }
    const holder = document.createElement("span");
    try {
      katex.render(formula, holder, { displayMode: display, throwOnError: true, errorColor: "var(--fail)", trust: false, maxExpand: 200, maxSize: 20 });
    } catch {
      element.dataset.rendered = "source"; // it stays readable as text
      continue;
    }
    element.replaceChildren(...holder.childNodes);
    element.dataset.rendered = "";
  }
}
