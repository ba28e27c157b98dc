// The gradebook's page: fetches all cells at once, filters and sorts as one types, and keeps up with what changes.
import { ask, say } from "./page.js";
import { Grid } from "./gradebook_grid.js";
import { Sheet } from "./gradebook_sheet.js";

const EVERY_MS = 5000, HIDDEN_MS = 60_000;
const NAMED = 2; // so many changes are told by name
const FIRST_DOWN = /^(total|[ai]\d+)$/;

export async function setUp() {
  const page = JSON.parse(document.getElementById("book-data").textContent);
  const form = document.getElementById("book-tools"), box = document.getElementById("book-scroll");
  const book = { page, form, again: document.getElementById("book-again") };
  book.sheet = new Sheet(await ask(page.whole, { seconds: 60 }));
  book.grid = new Grid(box, document.getElementById("gradebook"), page, (key) => sortBy(book, key));
  for (const part of document.querySelectorAll("[data-plain]")) part.hidden = true;
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;
  show(book);
  form.addEventListener("input", () => show(book));
  form.addEventListener("submit", (event) => event.preventDefault());
  book.again.addEventListener("click", () => {
    show(book);
    book.grid.move(book.grid.active.row, book.grid.active.column);
  });
  exportForm();
  box.dataset.ready = "";
  live(book);
}

const choiceOf = (form) => Object.fromEntries(["q", "state", "assignment", "sort", "order"].map((name) => [name, form.elements[name].value]));

function show(book) {
  const choice = choiceOf(book.form), places = book.sheet.choose(choice, book.page.typed);
  book.grid.show(book.sheet, places, choice);
  book.again.hidden = true;
  const all = book.sheet.people.length;
  write("book-status", !places.length ? say("nobody") : places.length === all ? say(all === 1 ? "one" : "everybody", { all }) : say("shown", { shown: places.length, all }));
  remember(choice);
}

// The address says what is shown, and so does the form that exports it.
function remember(choice) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(choice)) {
    const usual = !value || (name === "order" && value === "up") || (name === "sort" && value === "name");
    usual ? query.delete(name) : query.set(name, value);
    document.querySelector(`#book-export input[name="${name}"]`).value = value;
  }
  query.delete("page");
  history.replaceState(history.state, "", `${location.pathname}${query.size ? `?${query}` : ""}`);
  for (const part of document.querySelectorAll("#book-export [data-part]")) {
    part.hidden = part.disabled = Boolean(choice.assignment) && part.dataset.part !== choice.assignment;
  }
}

function sortBy(book, key) {
  const { sort, order } = book.form.elements;
  order.value = sort.value === key ? (order.value === "down" ? "up" : "down") : FIRST_DOWN.test(key) ? "down" : "up";
  sort.value = key;
  show(book);
}

async function live(book) {
  for (let failures = 0; ;) {
    await pause(document.hidden ? HIDDEN_MS : EVERY_MS * 2 ** Math.min(4, failures));
    try {
      const answer = await ask(`${book.page.changes}?since=${book.sheet.at}&shape=${book.sheet.shape}`);
      if (answer.again) await begin(book);
      else take(book, answer);
      if (failures) write("book-news", "");
      failures = 0;
    } catch (error) {
      const time = new Date(book.sheet.at).toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
      if (error.status && error.status < 500 && error.status !== 429) return write("book-news", say("stopped", { time }));
      if (++failures === 2) write("book-news", say("offline", { time }));
    }
  }
}

// A page that is looked at again asks at once.
function pause(milliseconds) {
  return new Promise((done) => {
    const seen = () => document.hidden || end();
    const timer = setTimeout(end, milliseconds);
    document.addEventListener("visibilitychange", seen);
    function end() {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
      done();
    }
  });
}

async function begin(book) {
  const before = book.sheet;
  book.sheet = new Sheet(await ask(book.page.whole, { seconds: 60 }));
  show(book);
  if (before.shape !== book.sheet.shape) write("book-news", say("new-shape"));
}

function take(book, answer) {
  const { grid, sheet } = book;
  sheet.at = answer.at;
  const different = sheet.apply(answer.cells);
  if (!different.length) return;
  grid.refresh(different);
  const told = different.map(({ column, place }) => say("changed", {
    name: sheet.people[place].name || sheet.people[place].email,
    item: column.title,
    state: grid.words(sheet.cell(column, place), column),
  }));
  write("book-news", told.length > NAMED ? say("changed-many", { count: told.length }) : told.join(" · "));
  // Rows do not move under somebody's eyes: putting them in order again is theirs to ask for.
  const places = sheet.choose(choiceOf(book.form), book.page.typed);
  book.again.hidden = places.length === grid.places.length && places.every((place, row) => place === grid.places[row]);
}

function exportForm() {
  const form = document.querySelector("#book-export form");
  const fit = () => {
    const layout = form.elements.layout.value;
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(layout);
  };
  form.addEventListener("change", (event) => {
    if (event.target.name === "layout") form.elements.mark.checked = event.target.value === "table" || event.target.value === "long";
    fit();
  });
  fit();
  document.querySelector('a[href="#book-export"]').addEventListener("click", () => { form.parentElement.open = true; });
}

function write(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
}
