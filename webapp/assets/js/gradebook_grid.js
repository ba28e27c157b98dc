// The gradebook as a grid of WAI-ARIA: only the rows in view are in the page, the arrow keys move from cell to cell.
import { showMaths } from "./app.js";
import { say } from "./page.js";
import { cellOf, rounded, shown } from "./gradebook_sheet.js";

const AROUND = 6; // rows kept above and below what is seen
const FRESH_MS = 8000;
const MOVES = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

export class Grid {
  /** `page` has addresses and names of groups; `onSort(key)` is called for a head that is chosen. */
  constructor(box, table, page, onSort) {
    Object.assign(this, { box, page, onSort, rows: new Map(), free: [], fresh: new Map(), looks: new Map(), active: { row: 1, column: 0 } });
    this.items = page.cell.replace("0/students/0", "");
    this.table = table.cloneNode(false);
    this.table.classList.add("is-live");
    this.table.setAttribute("role", "grid");
    this.table.setAttribute("aria-label", say("marks"));
    [this.head, this.body, this.foot] = ["thead", "tbody", "tfoot"].map((name) => {
      const part = document.createElement(name);
      part.setAttribute("role", "rowgroup");
      this.table.append(part);
      return part;
    });
    box.addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => this.measure()).observe(box);
    this.table.addEventListener("keydown", (event) => this.key(event));
    this.table.addEventListener("focusin", (event) => this.arrived(event.target.closest("th, td")));
    this.table.addEventListener("click", (event) => this.clicked(event));
  }

  /** Show these people of a sheet, in this order; `assignment` limits the columns. */
  show(sheet, places, { assignment, sort, order }) {
    const held = this.holding();
    Object.assign(this, { sheet, places, rowOf: new Map(places.map((place, row) => [place, row])) });
    const key = `${sheet.shape} ${assignment} ${sort} ${order}`;
    if (key !== this.shape) {
      this.shape = key;
      this.columns = [{ key: "name" }, { key: "total", points: sheet.points }];
      for (const part of sheet.shownParts(assignment)) {
        this.columns.push({ key: `a${part.id}`, part, points: part.points });
        for (const item of part.columns) this.columns.push({ key: `i${item.id}`, part, item, points: item.points });
      }
      this.drawHead(sort, order);
      this.body.replaceChildren();
      this.rows.clear();
      this.free = [];
    }
    this.drawFoot();
    for (const row of [...this.rows.keys()]) this.drop(row);
    this.table.setAttribute("aria-rowcount", places.length + 3);
    this.table.setAttribute("aria-colcount", this.columns.length);
    if (!this.table.isConnected) this.enter();
    this.hold(held);
    this.measure();
    this.mayEnter();
  }

  /** Rows are lower on a phone; the window may become one. */
  measure() {
    if (!this.sheet) return;
    this.height = parseFloat(getComputedStyle(this.box).getPropertyValue("--row"));
    this.body.style.height = `${this.places.length * this.height}px`;
    for (const [row, line] of this.rows) line.style.top = `${row * this.height}px`;
    this.draw();
  }

  /** Take the place of the server's table, scrolled as it was. */
  enter() {
    const { scrollLeft, scrollTop } = this.box;
    this.box.replaceChildren(this.table);
    for (const name of ["tabindex", "role", "aria-label"]) this.box.removeAttribute(name);
    this.box.scrollTo(scrollLeft, scrollTop);
  }

  // ---- drawing ---------------------------------------------------------------------------------------------------------------

  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    const { height } = this;
    const first = Math.max(0, Math.floor(this.box.scrollTop / height) - AROUND);
    const last = Math.min(this.places.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / height) + AROUND);
    for (const row of [...this.rows.keys()]) {
      if ((row < first || row >= last) && row !== this.active.row - 1) this.drop(row);
    }
    for (let row = first; row < last; row++) if (!this.rows.has(row)) this.take(row);
    const at = this.active.row - 1;
    if (at >= 0 && at < this.places.length && !this.rows.has(at)) this.take(at);
  }

  drop(row) {
    const line = this.rows.get(row);
    this.rows.delete(row);
    if (line.contains(document.activeElement)) line.remove();
    else {
      line.hidden = true;
      this.free.push(line);
    }
  }

  take(row) {
    const line = this.free.pop() ?? this.newLine();
    this.rows.set(row, line);
    this.fill(line, row);
    line.hidden = false;
  }

  newLine() {
    const line = element("tr", { role: "row" });
    this.columns.forEach((column, index) => {
      const kind = index === 0 ? "is-name" : column.item ? "is-item" : "is-part";
      const cell = element(index ? "td" : "th", { role: index ? "gridcell" : "rowheader", class: kind, tabindex: -1, "aria-colindex": index + 1 });
      if (index === 0) cell.append(element("a", { tabindex: -1 }), element("span", { class: "about" }));
      else if (column.item) {
        cell.append(element("a", { tabindex: -1 }));
        cell.firstChild.append("");
      }
      else if (column.key === "total") cell.append(element("b"));
      line.append(cell);
    });
    this.body.append(line);
    return line;
  }

  fill(line, row) {
    const { sheet } = this, place = this.places[row], person = sheet.people[place];
    line.style.top = `${row * this.height}px`;
    line.setAttribute("aria-rowindex", row + 2);
    const [name, about] = line.firstChild.children;
    name.textContent = person.name || person.email;
    name.href = `${this.page.student}${person.id}`;
    line.querySelector("[tabindex='0']")?.setAttribute("tabindex", -1);
    if (this.active.row === row + 1) line.children[this.active.column].tabIndex = 0;
    about.textContent = [person.number, person.name && person.email].filter(Boolean).join(" · ");
    this.columns.forEach((column, index) => {
      const cell = line.children[index];
      if (column.item) this.fillItem(cell, column.item, place, person);
      else if (column.key === "total") cell.firstChild.textContent = shown(sheet.total(place));
      else if (column.part) {
        const sum = sheet.subtotal(place, column.part);
        cell.textContent = sum === null ? "" : shown(sum);
      }
    });
  }

  fillItem(cell, item, place, person) {
    const look = this.look(item, item.codes[place], item.scores[place]), link = cell.firstChild;
    const name = this.fresh.size && this.fresh.has(`${person.id} ${item.id}`) ? `${look.name} is-fresh` : look.name;
    if (cell.className !== name) cell.className = name;
    if (cell.look !== look) {
      cell.look = look;
      cell.setAttribute("aria-label", look.label);
      link.firstChild.data = look.text;
    }
    if (look.tried) link.setAttribute("href", `${this.items}${item.id}/students/${person.id}`);
    else link.removeAttribute("href");
  }

  /** How a cell looks and what it is called: there are few different ones, so each is made once. */
  look(item, code, score) {
    const key = `${code} ${score} ${item.points}`;
    let look = this.looks.get(key);
    if (!look) {
      const it = cellOf(code, score);
      look = {
        tried: it.tried,
        name: `is-item is-${it.status}${it.late ? " is-late" : ""}${it.unread ? " is-unread" : ""}`,
        label: this.words(it, item),
        text: it.score === null ? (it.tried ? "–" : "") : shown(it.score),
      };
      this.looks.set(key, look);
    }
    return look;
  }

  words(it, item) {
    const names = it.groups.map((group) => this.page.groups[group]);
    if (it.tried && it.status === "new") names[0] = say("nothing-counts");
    const state = names.join(", ");
    return it.score === null ? state : say("cell", { state, points: shown(it.score), most: shown(item.points) });
  }

  drawHead(sort, order) {
    const line = element("tr", { role: "row", "aria-rowindex": 1 });
    this.columns.forEach((column, index) => {
      const kind = index === 0 ? "is-name" : column.item ? "is-item" : "is-part";
      const cell = element("th", { role: "columnheader", class: kind, tabindex: -1, "aria-colindex": index + 1 });
      if (column.key === sort) cell.setAttribute("aria-sort", order === "down" ? "descending" : "ascending");
      const name = element("a", { class: "head-name", tabindex: -1, href: `?sort=${column.key}` });
      if (column.part) name.innerHTML = (column.item ?? column.part).html; // rendered and sanitised by the server
      else name.textContent = say(index ? "total" : "student");
      cell.append(name);
      if (index) {
        const points = column.item && column.part.practice ? say("practice") : say("of", { points: shown(column.points) });
        cell.append(element("span", { class: "head-points" }, points));
      }
      line.append(cell);
    });
    this.head.replaceChildren(line);
    showMaths(this.head);
  }

  drawFoot() {
    const lines = ["average", "solved"].map((name, number) => {
      const line = element("tr", { role: "row", "aria-rowindex": this.places.length + 2 + number });
      this.columns.forEach((column, index) => {
        const kind = index === 0 ? "is-name" : column.item ? "is-item" : "is-part";
        const text = index === 0 ? say(name) : this.footText(column, name);
        line.append(element(index ? "td" : "th", { role: index ? "gridcell" : "rowheader", class: kind, tabindex: -1, "aria-colindex": index + 1 }, text));
      });
      return line;
    });
    this.foot.replaceChildren(...lines);
  }

  footText(column, name) {
    if (!column.item) return "";
    const tally = this.sheet.tally(column.item, this.places);
    if (name === "average") return tally.mean === null ? "" : shown(tally.mean);
    return tally.solved === null ? "" : `${rounded(100 * tally.solved)}%`;
  }

  // ---- what changes while one looks --------------------------------------------------------------------------------------------

  /** Draw these cells anew and mark them for a moment: scroll, focus and order stay. */
  refresh(different) {
    const keys = different.map(({ column, place }) => `${this.sheet.people[place].id} ${column.id}`);
    for (const key of keys) this.fresh.set(key, (this.fresh.get(key) ?? 0) + 1);
    const again = () => {
      for (const { place } of different) {
        const row = this.rowOf.get(place);
        if (this.rows.has(row)) this.fill(this.rows.get(row), row);
      }
    };
    again();
    const held = this.active.row > this.places.length && this.holding();
    this.drawFoot();
    if (held) this.hold(held);
    setTimeout(() => {
      for (const key of keys) this.fresh.get(key) > 1 ? this.fresh.set(key, this.fresh.get(key) - 1) : this.fresh.delete(key);
      again();
    }, FRESH_MS);
  }

  // ---- moving from cell to cell: row 0 is the head, the last two are the foot ----------------------------------------------------

  line(row) {
    if (row === 0) return this.head.firstChild;
    if (row > this.places.length) return this.foot.children[row - this.places.length - 1];
    return this.rows.get(row - 1);
  }

  cellAt({ row, column }) {
    return this.line(row)?.children[column];
  }

  key(event) {
    if (event.altKey || !event.target.closest("th, td")) return;
    const { row, column } = this.active, control = event.ctrlKey || event.metaKey;
    const page = Math.max(1, Math.floor(this.box.clientHeight / this.height) - 4);
    if (event.key === "Enter" || (event.key === " " && row === 0)) return this.open(event, control);
    let to;
    if (MOVES[event.key] && !control) to = [row + MOVES[event.key][0], column + MOVES[event.key][1]];
    else if (event.key === "Home") to = control ? [1, 0] : [row, 0];
    else if (event.key === "End") to = [control ? this.places.length : row, this.columns.length - 1];
    else if (event.key === "PageDown") to = [Math.min(this.places.length, row + page), column];
    else if (event.key === "PageUp") to = [Math.max(1, row - page), column];
    else return;
    event.preventDefault();
    this.move(...to);
  }

  move(row, column) {
    const to = {
      row: Math.min(Math.max(0, row), this.places.length + 2),
      column: Math.min(Math.max(0, column), this.columns.length - 1),
    };
    this.choose(to);
    this.reveal(to);
    this.draw();
    this.cellAt(to)?.focus({ preventScroll: true });
  }

  choose(to) {
    const before = this.cellAt(this.active);
    if (before) before.tabIndex = -1;
    this.active = to;
    this.mayEnter();
  }

  mayEnter() {
    const { row, column } = this.active;
    this.active = { row: Math.min(row, this.places.length + 2), column: Math.min(column, this.columns.length - 1) };
    const cell = this.cellAt(this.active);
    if (cell) cell.tabIndex = 0;
  }

  /** Scroll so that a cell is not below the head, the foot or the names. */
  reveal({ row, column }) {
    const { box } = this;
    if (row >= 1 && row <= this.places.length) {
      const top = (row - 1) * this.height, room = box.clientHeight - this.head.offsetHeight - this.foot.offsetHeight;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + this.height > box.scrollTop + room) box.scrollTop = top + this.height - room;
    }
    const cell = this.head.firstChild.children[column], names = this.head.firstChild.firstChild.offsetWidth;
    if (column === 0) return;
    if (cell.offsetLeft - names < box.scrollLeft) box.scrollLeft = cell.offsetLeft - names;
    else if (cell.offsetLeft + cell.offsetWidth > box.scrollLeft + box.clientWidth) box.scrollLeft = cell.offsetLeft + cell.offsetWidth - box.clientWidth;
  }

  arrived(cell) {
    const line = cell?.parentElement;
    if (!line) return;
    const row = Number(line.getAttribute("aria-rowindex")) - 1, column = Number(cell.getAttribute("aria-colindex")) - 1;
    if (row !== this.active.row || column !== this.active.column) this.choose({ row, column });
  }

  open(event, elsewhere) {
    const link = this.cellAt(this.active)?.querySelector("a[href]");
    if (!link) return;
    event.preventDefault();
    if (this.active.row === 0) this.onSort(this.columns[this.active.column].key);
    else if (elsewhere) open(link.href);
    else link.click();
  }

  clicked(event) {
    const cell = event.target.closest("th, td");
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (this.head.contains(cell)) {
      event.preventDefault();
      cell.focus({ preventScroll: true });
      this.onSort(this.columns[Number(cell.getAttribute("aria-colindex")) - 1].key);
    }
  }

  /** Whose cell has the focus, so that it can have it again in another order. */
  holding() {
    if (!this.sheet) return null;
    const { row, column } = this.active;
    return {
      person: row >= 1 && row <= this.places.length ? this.sheet.people[this.places[row - 1]].id : null,
      below: row - this.places.length, row,
      key: this.columns[column].key,
      focused: this.table.contains(document.activeElement),
    };
  }

  hold(held) {
    if (!held) return;
    const column = Math.max(0, this.columns.findIndex((each) => each.key === held.key));
    const place = held.person === null ? undefined : this.sheet.places.get(held.person);
    let row = held.row;
    if (held.person !== null) row = (this.rowOf.get(place) ?? 0) + 1;
    else if (held.below > 0) row = this.places.length + held.below;
    this.active = { row, column };
    if (held.focused) {
      this.measure();
      this.mayEnter();
      this.cellAt(this.active)?.focus({ preventScroll: true });
    }
  }
}

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}
