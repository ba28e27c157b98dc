// Reading answers with one key a decision: the next answer is fetched ahead and there at once, decisions are kept behind it.
import { showMaths } from "./app.js";
import { ask, say } from "./page.js";

const KEYS = { 1: "1", y: "1", 2: "0.5", h: "0.5", 3: "0", n: "0" };
const STILL_HERE_MS = 60_000;

let root, card, told, problem, pace;
let later = []; // cards (or promises of them) that come after this one
let saving = Promise.resolve();

export function setUp() {
  root = document.getElementById("review");
  [told, problem, pace] = ["review-told", "review-problem", "review-pace"].map((id) => document.getElementById(id));
  if (!root.querySelector("[data-decide]")) return; // only looked at
  document.documentElement.dataset.reviewReady = "";
  document.addEventListener("keydown", onKey);
  document.addEventListener("mouseup", takePassage);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.hasAttribute("data-skip-now")) skip();
    else decide();
  });
  root.addEventListener("focusin", (event) => makeCurrent(event.target.closest(".review-point")));
  document.querySelector(".review-undo").addEventListener("submit", (event) => { event.preventDefault(); undo(); });
  document.querySelector("[data-keys]").addEventListener("click", showKeys);
  setInterval(() => document.visibilityState === "visible" && stay(), STILL_HERE_MS);
  show(root.querySelector(".review-card"), { quietly: true });
  stay();
}

const points = () => [...card.querySelectorAll(".review-point")];
const chosen = (point) => point.querySelector("input[type=radio]:checked");
const current = () => card?.querySelector(".review-point.is-current");
const number = (form) => form?.dataset?.answer ?? ""; // also of one that is still to come

function makeCurrent(point) {
  if (!point || !card?.contains(point)) return;
  for (const each of points()) each.classList.toggle("is-current", each === point);
  for (const mark of card.querySelectorAll("mark[data-points]")) {
    mark.classList.toggle("is-current", mark.dataset.points.split(" ").includes(point.dataset.number));
  }
}

function goTo(point) {
  point.tabIndex = -1;
  point.focus({ preventScroll: true });
  makeCurrent(point);
  point.scrollIntoView({ block: "nearest" });
}

function show(form, { quietly = false } = {}) {
  card = form;
  if (!form) {
    root.replaceChildren(document.getElementById("review-empty").content.cloneNode(true));
    root.firstElementChild.focus();
    told.textContent = say("all-read");
    return;
  }
  if (form.parentElement !== root) root.replaceChildren(form);
  form.removeAttribute("aria-busy");
  showMaths(form);
  const open = points().filter((point) => !chosen(point));
  goTo(open[0] ?? points()[0]);
  if (!quietly) {
    scrollTo({ top: 0 });
    told.textContent = `${told.textContent} ${say("next", { open: open.length })}`.trim();
  }
  history.replaceState(null, "", form.getAttribute("action") + location.search);
  fetchAhead();
}

function scope() {
  return { assignment: root.dataset.assignment, item: root.dataset.item };
}

function parse(html) {
  if (!html) return null;
  const holder = document.createElement("template");
  holder.innerHTML = html; // rendered by our own template
  return holder.content.querySelector(".review-card");
}

let keeping = [];
function fetchAhead() {
  if (later.length) return;
  const body = { ...scope(), after: number(card), keep: [number(card), ...keeping].join(" ") };
  later.push(ask(root.dataset.next, { method: "POST", body }).then((answer) => parse(answer.card)));
  later[0].catch(() => { later = []; }); // asked for again when it is wanted
}

async function next() {
  card?.setAttribute("aria-busy", "true");
  if (!later.length) fetchAhead();
  const coming = later.shift();
  try {
    show(await coming);
  } catch (error) {
    complain(error.message || say("offline"));
    card?.removeAttribute("aria-busy");
    return false;
  }
  return true;
}

function complain(words, link) {
  problem.replaceChildren(words);
  if (link) problem.append(" ", Object.assign(document.createElement("a"), { href: link.href, textContent: link.words }));
  problem.hidden = false;
}

async function decide() {
  const form = card;
  if (!form || form.ariaBusy === "true") return;
  const open = points().find((point) => !chosen(point));
  if (open) return goTo(open);
  const body = Object.fromEntries(new FormData(form));
  delete body.csrf_token;
  problem.hidden = true;
  told.textContent = "";
  keeping.push(number(form));
  saving = saving.then(() => save(form, body));
  await next();
}

async function save(form, body) {
  try {
    const answer = await ask(form.getAttribute("action"), { method: "POST", body });
    pace.innerHTML = answer.progress;
    told.textContent = answer.told;
  } catch (error) {
    if (error.status === 409) {
      complain(say("not-kept", { why: error.message }), { href: form.getAttribute("action"), words: form.querySelector("h1").textContent });
    } else { // back in front with what was chosen, so nothing is lost
      if (card) later.unshift(card);
      show(form);
      complain(error.status ? error.message : say("offline"));
    }
  } finally {
    keeping = keeping.filter((each) => each !== number(form));
  }
}

async function skip() {
  if (!card || card.ariaBusy === "true") return;
  problem.hidden = true;
  told.textContent = say("skipped");
  ask(card.dataset.skip, { method: "POST", body: scope() }).catch(() => {});
  await next();
}

async function undo() {
  await saving;
  try {
    const answer = await ask(root.dataset.undo, { method: "POST", body: scope() });
    pace.innerHTML = answer.progress;
    problem.hidden = true;
    told.textContent = answer.told;
    if (!answer.card) return;
    const form = parse(answer.card);
    later = later.filter((each) => number(each) !== number(form));
    if (card && number(card) !== number(form)) later.unshift(card);
    show(form);
  } catch (error) {
    complain(error.message || say("offline"));
  }
}

async function stay() {
  if (!card) return;
  for (const form of [card, ...later.filter((each) => each instanceof Element)]) {
    const answer = await ask(form.dataset.hold, { method: "POST", body: {} }).catch(() => null);
    if (answer?.held === false && form === card) complain(say("taken"));
  }
}

function showKeys() {
  document.getElementById("review-keys").showModal();
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const field = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  if (field) return event.key === "Escape" && card ? goTo(event.target.closest(".review-point") ?? points()[0]) : undefined;
  const done = onLetter(event.key.length === 1 ? event.key.toLowerCase() : event.key, event.target);
  if (done) event.preventDefault();
}

function onLetter(key, target) {
  if (key === "?") return showKeys(), true;
  if (key === "u") return undo(), true;
  if (!card) return false;
  if (key === "s") return skip(), true;
  const all = points();
  const at = current() ?? all[0];
  const place = all.indexOf(at);
  if (key in KEYS) return answer(at, KEYS[key]), true;
  if (key === "o") {
    const box = at.querySelector('input[name^="offer-"]');
    box.checked = !box.checked;
    return true;
  }
  if (key === "ArrowDown" || key === "ArrowUp") {
    if (target.matches("[data-text]")) return false; // a long answer scrolls
    goTo(all[Math.min(all.length - 1, Math.max(0, place + (key === "ArrowDown" ? 1 : -1)))]);
    return true;
  }
  if (key === "Enter" && !target.closest("button, a, summary, [type=checkbox]")) {
    if (!all.some((point) => !chosen(point))) decide();
    else if (chosen(at)) goTo(open(all, place));
    else answer(at, at.dataset.suggested);
    return true;
  }
  return false;
}

const open = (all, place) => [...all.slice(place + 1), ...all.slice(0, place)].find((point) => !chosen(point));

function answer(point, award) {
  if (card.ariaBusy === "true") return;
  const wasOpen = !chosen(point);
  point.querySelector(`input[type=radio][value="${award}"]`).checked = true;
  const all = points();
  const following = open(all, all.indexOf(point));
  if (following) goTo(following);
  else if (wasOpen) decide();
  else goTo(point);
}

// Words selected in the answer become the passage of the key point at hand.
function takePassage(event) {
  const chosenWords = getSelection();
  const words = chosenWords.toString().replace(/\s+/g, " ").trim();
  if (!card || !words || !event.target.closest?.("[data-text]")) return;
  const text = card.querySelector("[data-text]");
  if (!text.contains(chosenWords.anchorNode) || !text.contains(chosenWords.focusNode)) return;
  const point = current();
  point.querySelector('[name^="evidence-"]').value = words.slice(0, 300);
  point.querySelector('[name^="phrase-"]').value = words.slice(0, 300);
}
