// Every page: mathematics, the colour scheme, relative times, filters of tables, questions before what cannot be undone.
import { meta } from "./page.js";
import { keepTime, rememberZone } from "./times.js";

const UNRENDERED = ":is(.math, .arithmatex):not([data-rendered])";

/** Render the mathematics below `root`; KaTeX is fetched only by pages that have some. */
export async function showMaths(root = document) {
  const elements = [...root.querySelectorAll(UNRENDERED)];
  if (elements.length === 0) return reachable(root);
  const [{ renderMaths }] = await Promise.all([import("./maths.js"), lettersOfMaths()]);
  renderMaths(elements);
  fitColumns(root);
  document.fonts.ready.then(() => fitColumns(root)); // KaTeX's own letters are wider than what stands in for them
}

// The letters come first: drawn with others the formulas would move once more.  Whoever is slow to bring them is not waited for.
async function lettersOfMaths() {
  if (!document.getElementById("maths-css")) {
    const link = Object.assign(document.createElement("link"), { id: "maths-css", rel: "stylesheet", href: meta("maths-css") });
    document.head.append(link);
    await new Promise((done) => { link.onload = link.onerror = done; });
  }
  const letters = ["1em KaTeX_Main", "italic 1em KaTeX_Math"].map((font) => document.fonts.load(font).catch(() => {}));
  await Promise.race([Promise.all(letters), new Promise((done) => setTimeout(done, 700))]);
}

/** Heat maps answer to pointer and keys, also in verdicts that arrive later; their module is fetched by pages that have some. */
function watchHeatMaps() {
  const show = async () => {
    if (document.querySelector("[data-maps]:not([data-ready])")) (await import("./heatmap.js")).setUp(document);
  };
  show();
  const verdict = document.getElementById("verdict");
  if (verdict) new MutationObserver(show).observe(verdict, { childList: true });
}

function fitColumns(root = document) {
  for (const formula of root.querySelectorAll(".katex-display")) fit(formula);
  reachable(root);
}

// A displayed formula a little wider than its column is set smaller; a much wider one scrolls.
function fit(formula) {
  formula.style.fontSize = "";
  const share = formula.clientWidth / formula.scrollWidth;
  if (share < 1) formula.style.fontSize = `${Math.max(0.72, share * 0.98)}em`;
}

// What scrolls sideways must be reachable by keyboard too.
function reachable(root) {
  for (const box of root.querySelectorAll(".katex-display, .highlight pre, .prose table, pre")) {
    if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
  }
}

function schemeSwitch() {
  const button = document.querySelector("[data-scheme-switch]");
  if (!button) return;
  const root = document.documentElement;
  const dark = () => (root.dataset.scheme ? root.dataset.scheme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  button.hidden = false;
  button.setAttribute("aria-pressed", String(dark()));
  button.addEventListener("click", () => {
    root.dataset.scheme = dark() ? "light" : "dark";
    document.cookie = `scheme=${root.dataset.scheme}; path=/; max-age=31536000; samesite=lax`;
    button.setAttribute("aria-pressed", String(dark()));
  });
}

function filters() {
  for (const field of document.querySelectorAll("input[data-filter]")) {
    const rows = [...document.querySelectorAll(`${field.dataset.filter} tbody tr`)];
    const status = document.getElementById(field.dataset.status ?? "");
    field.closest(".field").hidden = false;
    field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault()); // the form around it is for the rows
    field.addEventListener("input", () => {
      const parts = field.value.toLocaleLowerCase().split(/\s+/);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLocaleLowerCase();
        row.hidden = !parts.every((part) => text.includes(part));
        shown += row.hidden ? 0 : 1;
      }
      if (status) status.textContent = status.dataset.template.replace("{shown}", shown).replace("{all}", rows.length);
    });
  }
}

async function watchMaps() {
  const map = document.querySelector(".course-map:has(.map-lines)");
  if (map) (await import("./map.js")).watchMap(map);
}

schemeSwitch();
watchMaps();
filters();
watchHeatMaps();
rememberZone();
keepTime();
showMaths();
let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(fitColumns, 100);
});
