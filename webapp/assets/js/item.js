// The item page: editor or field, draft, Run and Submit, the live verdict, the history.
import { showMaths } from "./app.js";
import { hideConflict, showConflict } from "./conflict.js";
import { Draft, newest } from "./drafts.js";
import { choicesAsEditor, countWords, fieldAsEditor, numberAsEditor, textOfNumber } from "./field.js";
import { follow, send } from "./judge.js";
import { freshKey, Refused, say } from "./page.js";
import { sideBySide, startPanes } from "./panes.js";
import { startTeaching } from "./teaching.js";

const form = document.getElementById("work-form");
const field = document.getElementById("content");
const unit = document.getElementById("unit");
const choices = [...form.querySelectorAll(".choices input[type=radio], .choices input[type=checkbox]")];
const verdict = document.getElementById("verdict");
const announce = document.getElementById("announce");
const buttons = [...form.querySelectorAll("button[data-send]")];
const isCode = field?.dataset.kind === "coding";

let editor;
let draft;
let sending = 0; // the number of the latest Run or Submit; an earlier one that comes back late is ignored
let busy = false;

start();

async function start() {
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      judge(button);
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  if (/^(Mac|iP)/.test(navigator.platform)) nameKeysAsOnAMac();
  document.addEventListener("click", onClick);
  startPanes(form.dataset.user);
  startTeaching();
  showWorstCells();
  resume();
  const loaded = document.getElementById("draft-text");
  // As the server sent it: the fields' own values may be what the browser restored after a reload.
  const shown = asSent();
  const place = { url: form.dataset.draftUrl, key: `draft:${form.dataset.user}:${form.dataset.item}` };
  const { version, text: saved, savedAt } = await newest(place, {
    version: Number(form.dataset.draftVersion),
    text: loaded ? JSON.parse(loaded.textContent) : shown,
    savedAt: form.dataset.draftSavedAt,
  });
  let first = saved;
  draft = new Draft({
    ...place,
    version,
    savedText: saved,
    read: () => editor?.text ?? first,
    onState: showDraftState,
    onConflict,
  });
  first = draft.restore(saved, savedAt);
  if (isCode) editor = await codeEditor(first);
  else editor = field ? plainField(first) : boxes(first);
  if (draft.conflict) onConflict(draft.conflict);
  if (loaded) {
    swap(shown, say("loaded"));
    history.replaceState(null, "", location.pathname + location.hash);
  }
  draft.follow((text) => editor.replace(text), () => document.visibilityState === "hidden" || !editor.focused);
  document.getElementById("reset")?.removeAttribute("hidden");
  const line = /^#L(\d+)$/.exec(location.hash);
  if (line) editor.goTo(Number(line[1]));
  form.dataset.ready = "";
}

function nameKeysAsOnAMac() {
  const named = (text) => text.replaceAll("Ctrl+", "⌘").replaceAll("Alt+", "⌥");
  for (const keys of document.querySelectorAll(".editor-help .keys")) keys.textContent = named(keys.textContent);
  for (const button of buttons) button.title = named(button.title);
}

async function codeEditor(text) {
  const { createEditor } = await import("./editor.js");
  const created = createEditor({
    parent: field.parentElement,
    text,
    label: field.dataset.label,
    describedBy: "editor-help",
    nonce: document.querySelector("script[nonce]")?.nonce ?? "",
    phrases: JSON.parse(say("phrases")),
    onChange,
    onSubmit: () => judge(buttonFor("submit")),
    onRun: () => judge(buttonFor("run")),
  });
  field.hidden = true;
  return created;
}

/** What the server put into the fields. */
function asSent() {
  if (!field) return choices.filter((box) => box.defaultChecked).map((box) => box.value).join("\n");
  if (!unit) return field.defaultValue;
  const chosen = [...unit.options].find((option) => option.defaultSelected) ?? unit.options[0];
  return textOfNumber(field.defaultValue, chosen.value);
}

function plainField(text) {
  if (unit) {
    const created = numberAsEditor(field, unit, { onChange, onSubmit: () => judge(buttonFor("submit")) });
    created.replace(text);
    return created;
  }
  field.value = text;
  const created = fieldAsEditor(field, { onChange, onSubmit: () => judge(buttonFor("submit")) });
  showCount();
  return created;
}

function boxes(text) {
  const created = choicesAsEditor(choices, { onChange, onSubmit: () => judge(buttonFor("submit")) });
  created.replace(text);
  return created;
}

const buttonFor = (purpose) => buttons.find((button) => button.dataset.send === purpose);

function onChange() {
  if (!editor) return;
  if (isCode) field.value = editor.text;
  else showCount();
  if (!draft.following) draft.changed();
  verdict.querySelector("[data-stale]")?.toggleAttribute("hidden", false);
}

function showCount() {
  const count = document.getElementById("word-count");
  if (count) count.textContent = say("words", { count: countWords(field.value) });
}

// --- Run and Submit -------------------------------------------------------------------------------------------------

async function judge(button) {
  if (!button || button.disabled || busy || !editor) return;
  const content = editor.text;
  if (content.trim() === "") {
    showProblem(say("empty"));
    editor.focus();
    return;
  }
  const mine = ++sending;
  const isCancelled = () => mine !== sending;
  setBusy(button);
  verdict.classList.add("is-live");
  showState("sending", button.dataset.send);
  bringIntoView();
  try {
    const key = form.elements.client_key;
    draft.sent(content);
    const answer = await send(button.dataset.url, { content, client_key: key.value, draft_version: draft.version }, {
      isCancelled,
      onWaiting: () => showState("unsent"),
    });
    key.value = answer.client_key ?? freshKey();
    draft.settle();
    await watch(answer.job, isCancelled, content);
  } catch (error) {
    if (!isCancelled()) showRefusal(error, content);
  } finally {
    if (!isCancelled()) setBusy(null);
  }
}

// A page that was reloaded, or came without scripts, while its job was waiting.
async function resume() {
  const waiting = verdict.querySelector("[data-job][data-state]");
  if (!waiting || waiting.dataset.state === "done") return;
  const mine = ++sending;
  try {
    await watch({ id: waiting.dataset.job, done: false, poll_after_ms: 200, state: waiting.dataset.state }, () => mine !== sending);
  } catch (error) {
    if (mine === sending) showRefusal(error);
  }
}

/** Follow a job to its verdict.  `sent` is what it was about: whoever has gone on writing since is not called away. */
async function watch(job, isCancelled, sent) {
  let shown = "";
  const job_url = form.dataset.jobUrl.replace(/\/0$/, `/${job.id}`);
  const done = await follow(job_url, job, {
    isCancelled,
    onState: (state) => {
      const signature = `${state.state} ${state.position ?? ""} ${Math.floor((state.waited_seconds ?? 0) / 5)}`;
      if (signature !== shown && state.fragments?.verdict) {
        verdict.innerHTML = state.fragments.verdict;
        const words = verdict.querySelector("[data-announce]")?.textContent.trim() ?? "";
        if (announce.textContent !== words) announce.textContent = words;
      }
      if (state.fragments?.verdict) shown = signature;
    },
    onLost: (refusal) => {
      if (shown !== `lost ${refusal?.status}`) {
        if (refusal) showRefusal(refusal);
        else showState("lost");
      }
      shown = `lost ${refusal?.status}`;
    },
  });
  if (done) showVerdict(done, Boolean(editor?.focused && sent !== undefined && editor.text !== sent));
}

function showVerdict(job, stillWriting) {
  for (const [region, html] of Object.entries(job.fragments)) {
    const place = document.getElementById(region);
    if (place) place.innerHTML = html; // rendered by our own templates, which escape everything a student or a bank wrote
  }
  for (const region of Object.keys(job.fragments)) showMaths(document.getElementById(region) ?? undefined);
  showWorstCells();
  const section = verdict.querySelector(".verdict");
  section?.classList.add("is-new");
  verdict.querySelector("[data-stale]")?.toggleAttribute("hidden", !stillWriting);
  announce.textContent = stillWriting ? (section?.querySelector("h2")?.textContent ?? "") : "";
  if (!stillWriting) {
    section?.focus({ preventScroll: true });
    bringIntoView();
  }
  const left = document.querySelector("#progress [data-attempts-left]")?.dataset.attemptsLeft;
  if (left === "0") buttonFor("submit")?.setAttribute("disabled", "");
  const params = new URLSearchParams({ [job.purpose === "submit" ? "submission" : "job"]: job.purpose === "submit" ? job.submission : job.id });
  history.replaceState(null, "", `${location.pathname}?${params}`);
}

// On a phone a table scrolls; it starts where the difference is.
function showWorstCells() {
  for (const cell of verdict.querySelectorAll(".scroll .worst")) {
    const box = cell.closest(".scroll");
    box.scrollLeft = cell.offsetLeft - (box.clientWidth - cell.offsetWidth) / 2;
  }
}

function setBusy(button) {
  busy = button !== null;
  for (const each of buttons) each.setAttribute("aria-disabled", String(busy));
}

function bringIntoView() {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const box = verdict.getBoundingClientRect();
  if (!sideBySide() || box.top < 0 || box.top > innerHeight * 0.6) verdict.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
}

/** One of the states the server cannot render because it was not reached: a template of the page. */
function showState(name, purpose = "") {
  const copy = document.getElementById(`state-${name}`).content.cloneNode(true);
  for (const part of copy.querySelectorAll("[data-purpose]")) part.hidden = part.dataset.purpose !== purpose;
  verdict.replaceChildren(copy);
  announce.textContent = verdict.querySelector("[data-announce]:not([hidden])")?.textContent.trim() ?? "";
}

function showProblem(text, link) {
  const copy = document.getElementById("state-problem").content.cloneNode(true);
  copy.querySelector("[data-text]").textContent = text;
  const anchor = copy.querySelector("a");
  if (link) anchor.href = link;
  else anchor.remove();
  verdict.replaceChildren(copy);
  announce.textContent = text;
  bringIntoView();
}

function showRefusal(error, content) {
  if (error.details?.draft_version) draft.accepted(content, error.details.draft_version);
  if (error instanceof Refused && error.message) {
    showProblem(error.message, error.status === 401 ? error.details.error.sign_in : undefined);
  } else {
    showState("failed");
  }
}

// --- Drafts ---------------------------------------------------------------------------------------------------------

function showDraftState(name, details = {}) {
  const place = document.getElementById("draft-state");
  place.classList.toggle("is-offline", ["offline", "signed-out", "too-large", "conflict", "other-person", "unkept"].includes(name));
  const time = details.at ? new Date(details.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) : "";
  place.textContent = say(`draft-${name}`, { time });
  if (name === "signed-out" && details.sign_in) {
    place.append(" ", Object.assign(document.createElement("a"), { href: details.sign_in, textContent: say("sign-in") }));
  }
}

/** Another text of this draft came up, or (null) it is settled which one goes on. */
function onConflict(other) {
  if (!editor) return; // shown as soon as there is one
  if (other === null) {
    hideConflict();
    return;
  }
  announce.textContent = say("draft-conflict");
  showConflict(form.dataset.compareUrl, editor.text, other, (which) => {
    const mine = editor.text;
    if (which === "other") swap(other.content, say("conflict-took-other"));
    else if (which === "both") swap(`${mine.trimEnd()}\n\n${say(isCode ? "conflict-seam-code" : "conflict-seam")}\n\n${other.content}`, say("conflict-took-both"));
    else {
      notice(say("conflict-kept-mine"), say("conflict-take-other"), () => swap(other.content, say("conflict-took-other")));
      editor.focus();
    }
    draft.resolve(); // last: from here on what is in the editor is saved
  });
}

/** Replace the text in a way that can be taken back by a click as well as by Ctrl+Z. */
function swap(text, sentence) {
  const before = editor.text;
  editor.replace(text);
  notice(sentence, say("undo"), () => {
    editor.replace(before);
    hideNotice();
  });
  editor.focus();
}

function notice(sentence, label, action) {
  const place = document.getElementById("editor-notice");
  place.querySelector("p").textContent = sentence;
  const button = place.querySelector("[data-notice-action]");
  button.textContent = label;
  button.onclick = action;
  place.hidden = false;
}

const hideNotice = () => { document.getElementById("editor-notice").hidden = true; };

// --- Clicks anywhere: lines, earlier submissions, reset, states --------------------------------------------------------

async function onClick(event) {
  const target = event.target.closest?.("[data-line], [data-load], #reset, [data-notice-close], [data-retry], [data-cancel]");
  if (!target) return;
  if (target.matches("[data-line]")) {
    if (!editor || !isCode) return;
    event.preventDefault();
    editor.goTo(Number(target.dataset.line));
  } else if (target.matches("[data-load]")) {
    if (!editor) return;
    event.preventDefault();
    await loadSubmission(target);
  } else if (target.matches("#reset")) {
    await reset();
  } else if (target.matches("[data-notice-close]")) {
    hideNotice();
    editor?.focus();
  } else if (target.matches("[data-retry]")) {
    dispatchEvent(new Event("online"));
  } else if (target.matches("[data-cancel]")) {
    sending += 1;
    setBusy(null);
    showState("cancelled");
  }
}

async function loadSubmission(link) {
  try {
    const answer = await fetch(link.dataset.load, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const text = new TextDecoder().decode(await answer.arrayBuffer()).replace(/\r\n?/g, "\n");
    swap(text, say("loaded"));
    document.getElementById("work").scrollIntoView({ block: "start" });
  } catch {
    location.href = link.href;
  }
}

async function reset() {
  const dialog = document.getElementById("reset-dialog");
  dialog.showModal();
  const answer = await new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue), { once: true }));
  if (answer !== "reset") return;
  swap(JSON.parse(document.getElementById("starter").textContent), say("reset-done"));
}
