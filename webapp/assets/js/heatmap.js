// Heat maps: hover, tap and arrow keys read the same cell in all maps of a group.  The numbers are those of the group's tables.

const SVG = "http://www.w3.org/2000/svg";
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** Make the heat maps below `root` answer; those that already do are left alone. */
export function setUp(root) {
  for (const maps of root.querySelectorAll("[data-maps]:not([data-ready])")) {
    maps.dataset.ready = "";
    new Maps(maps);
  }
}

class Maps {
  constructor(root) {
    this.root = root;
    this.reading = root.querySelector("[data-reading]");
    const tables = root.querySelectorAll(".as-table > .pair");
    this.slices = [...root.querySelectorAll(".slice")].map((part, index) => new Slice(this, part, tables[index]));
    this.shown = Number(root.dataset.chosen);
    for (const button of root.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => this.show(this.shown + Number(button.dataset.step)));
    }
    this.limitSteps();
    root.querySelector("[data-hint]").hidden = false;
  }

  show(place) {
    if (!this.slices[place]) return;
    this.shown = place;
    for (const [index, slice] of this.slices.entries()) slice.part.hidden = slice.tables.hidden = index !== place;
    this.root.querySelector("[data-slice-name]").textContent = this.slices[place].part.dataset.slice;
    this.limitSteps();
    this.slices[place].tell();
  }

  // Disabled for eyes and ears only: a button that cannot be pressed any more must not lose the focus.
  limitSteps() {
    for (const button of this.root.querySelectorAll("[data-step]")) {
      button.setAttribute("aria-disabled", String(!this.slices[this.shown + Number(button.dataset.step)]));
    }
  }
}

class Slice {
  constructor(maps, part, tables) {
    this.maps = maps;
    this.part = part;
    this.tables = tables;
    this.row = part.querySelector(".map-row");
    this.drawings = [...part.querySelectorAll("svg.map")];
    this.of = Object.fromEntries([...tables.querySelectorAll("table[data-of]")].map((table) => [table.dataset.of, table]));
    const [first] = Object.values(this.of);
    this.height = first.tBodies[0].rows.length;
    this.width = first.tBodies[0].rows[0].querySelectorAll("td:not(.sum)").length;
    const worst = first.querySelector("td.worst");
    this.at = worst ? [worst.parentNode.sectionRowIndex, [...worst.parentNode.querySelectorAll("td")].indexOf(worst)] : [0, 0];
    this.row.tabIndex = 0;
    this.row.setAttribute("role", "application");
    this.row.setAttribute("aria-label", maps.root.dataset.keys);
    this.row.addEventListener("keydown", (event) => this.onKey(event));
    this.row.addEventListener("focus", () => this.row.matches(":focus-visible") && this.tell());
    this.row.addEventListener("blur", () => this.clear());
    for (const drawing of this.drawings) {
      for (const kind of ["pointermove", "pointerdown"]) drawing.addEventListener(kind, (event) => this.onPointer(drawing, event));
      drawing.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.leave());
    }
  }

  onKey(event) {
    const [row, column] = this.at;
    const [down, right] = STEPS[event.key] ?? [0, 0];
    let next = [row + down, column + right];
    if (event.key === "Home") next = [event.ctrlKey ? 0 : row, 0];
    else if (event.key === "End") next = [event.ctrlKey ? this.height - 1 : row, this.width - 1];
    else if (!STEPS[event.key] || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.at = [Math.max(0, Math.min(this.height - 1, next[0])), Math.max(0, Math.min(this.width - 1, next[1]))];
    this.tell();
  }

  onPointer(drawing, event) {
    const box = drawing.getBoundingClientRect();
    const view = drawing.viewBox.baseVal;
    const column = Math.floor(view.x + ((event.clientX - box.left) / box.width) * view.width);
    const row = Math.floor(view.y + ((event.clientY - box.top) / box.height) * view.height);
    if (row < 0 || column < 0 || row >= this.height || column >= this.width) return;
    if (event.type === "pointerdown") this.at = [row, column];
    this.tell([row, column]);
  }

  leave() {
    if (document.activeElement === this.row) this.tell();
    else this.clear();
  }

  clear() {
    for (const rectangle of this.part.querySelectorAll(".cursor")) rectangle.remove();
  }

  /** Outline one cell in every map and say its numbers. */
  tell([row, column] = this.at) {
    this.clear();
    for (const drawing of this.drawings) {
      for (const name of ["cursor is-ring", "cursor"]) {
        const rectangle = document.createElementNS(SVG, "rect");
        for (const [key, value] of Object.entries({ class: name, x: column, y: row, width: 1, height: 1 })) rectangle.setAttribute(key, value);
        drawing.append(rectangle);
      }
    }
    const words = this.words(row, column);
    if (this.maps.reading.textContent !== words) this.maps.reading.textContent = words;
  }

  words(row, column) {
    const { cell, one, gap, sum, stop } = this.maps.root.dataset;
    const [expected, actual] = [this.number("expected", row, column), this.number("actual", row, column)];
    const difference = expected !== undefined && actual !== undefined ? subtract(expected, actual) : "";
    const total = this.of.actual?.tBodies[0].rows[row].querySelector("td.sum")?.firstChild.textContent;
    const values = { ...this.indices(row, column), expected, actual: actual ?? expected, difference, sum: total };
    const parts = [expected !== undefined && actual !== undefined ? cell : one, difference && gap, total && sum];
    return parts.filter(Boolean).map((part) => part.replace(/\{(\w+)\}/g, (_all, name) => values[name])).join("") + stop;
  }

  indices(row, column) {
    const [first] = Object.values(this.of);
    const heads = first.tHead?.rows[0].querySelectorAll("th");
    return { row: first.tBodies[0].rows[row].querySelector("th")?.textContent ?? row, column: heads?.[column]?.textContent ?? column };
  }

  number(kind, row, column) {
    return this.of[kind]?.tBodies[0].rows[row].querySelectorAll("td")[column].firstChild.textContent;
  }
}

// Both are written in one notation, so the difference has as many decimals; words such as "nan" have none.
function subtract(expected, actual) {
  const [one, other] = [expected, actual].map((text) => Number(text.replace("−", "-")));
  const gap = other - one;
  if (!Number.isFinite(gap)) return "";
  const exponential = /e/i.test(expected + actual);
  const decimals = Math.max(...[expected, actual].map((text) => text.split(".")[1]?.length ?? 0));
  const size = exponential ? Math.abs(gap).toExponential(2) : Math.abs(gap).toFixed(decimals);
  return `${gap < 0 ? "−" : "+"}${size.replace("-", "−")}`;
}
