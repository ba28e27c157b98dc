// The gradebook's numbers: decoded from what the server sends (webapp/teach/gradebook/compact.py), filtered, sorted, added up.  No page here.
const STATUSES = ["new", "waiting", "failed", "partial", "passed"];
const LATE = 5, UNREAD = 10, NOTHING = 255;
const GROUPS = ["not-started", "waiting", "failed", "partial", "passed", "late", "to-be-read"];

const bit = (group) => 1 << GROUPS.indexOf(group);
// What a cell can be found by, for each code.
const groupsOf = new Uint8Array(256);
for (let code = 0; code < 20; code++) {
  groupsOf[code] = (1 << code % LATE) | (code % UNREAD >= LATE ? bit("late") : 0) | (code >= UNREAD ? bit("to-be-read") : 0);
}
groupsOf[NOTHING] = bit("not-started");

const codeOf = (letter) => (letter === "-" ? NOTHING : letter.charCodeAt(0) - 97);

export class Sheet {
  constructor(data) {
    this.at = data.at;
    this.shape = data.shape;
    this.people = data.people.map(([id, name, email, number]) => ({ id, name, email, number, told: `${name}\n${email}\n${number}`.toLowerCase() }));
    this.places = new Map(this.people.map((person, place) => [person.id, place]));
    this.columns = new Map();
    let next = 0;
    this.parts = data.parts.map(({ id, title, html, practice, items }) => {
      const part = { id, title, html, practice, columns: [], points: 0 };
      for (const [item, name, markup, points] of items) {
        const column = { id: item, title: name, html: markup, points, part, ...decode(data.cells[next++], this.people.length) };
        part.columns.push(column);
        part.points += points;
        this.columns.set(item, column);
      }
      return part;
    });
    this.points = this.parts.reduce((sum, part) => sum + (part.practice ? 0 : part.points), 0);
  }

  /** The places of the people who fit, in order, by what the form says and what groups are called (`typed`). */
  choose(choice, typed) {
    const asked = wanted(choice.q, typed);
    const columns = this.shownParts(choice.assignment).flatMap((part) => part.columns);
    const group = choice.state ? bit(choice.state) : 0;
    const all = group | asked.groups.reduce((sum, each) => sum | bit(each), 0);
    const found = [];
    for (let place = 0; place < this.people.length; place++) {
      const { told } = this.people[place];
      if (!asked.texts.every((text) => told.includes(text))) continue;
      if (all || asked.either.length) {
        let has = 0;
        for (const column of columns) has |= groupsOf[column.codes[place]];
        if ((has & all) !== all || !asked.either.every(([text, each]) => told.includes(text) || has & bit(each))) continue;
      }
      found.push(place);
    }
    return this.sort(found, choice.sort, choice.order === "down");
  }

  sort(found, key, down) {
    if (key === "name") return down ? found.reverse() : found;
    if (key === "email" || key === "number") {
      const text = (place) => this.people[place][key].toLowerCase();
      const filled = found.filter(text).sort((a, b) => (text(a) === text(b) ? a - b : (text(a) < text(b)) === down ? 1 : -1));
      return [...filled, ...found.filter((place) => !text(place))];
    }
    const worth = this.people.map((_person, place) => this.worth(key, place));
    return found.sort((a, b) => (down ? worth[b] - worth[a] : worth[a] - worth[b]) || a - b);
  }

  worth(key, place) {
    if (key === "total") return this.total(place);
    if (key.startsWith("a")) {
      const part = this.parts.find((each) => each.id === Number(key.slice(1)));
      return part ? this.subtotal(place, part) ?? 0 : 0;
    }
    const column = this.columns.get(Number(key.slice(1)));
    if (!column || column.codes[place] === NOTHING) return -2; // never tried is below waiting, that below nought points
    return Number.isNaN(column.scores[place]) ? -1 : column.scores[place];
  }

  shownParts(assignment) {
    const chosen = this.parts.filter((part) => part.id === Number(assignment));
    return chosen.length ? chosen : this.parts;
  }

  /** Points in an assignment; null where nothing was ever sent. */
  subtotal(place, part) {
    let sum = 0, tried = false;
    for (const column of part.columns) {
      tried ||= column.codes[place] !== NOTHING;
      if (!Number.isNaN(column.scores[place])) sum += column.scores[place];
    }
    return tried ? sum : null;
  }

  total(place) {
    let sum = 0;
    for (const part of this.parts) if (!part.practice) sum += this.subtotal(place, part) ?? 0;
    return sum;
  }

  /** The mean of those who have points, and the share of `places` who have solved it. */
  tally(column, places) {
    let sum = 0, scored = 0, solved = 0;
    for (const place of places) {
      const score = column.scores[place];
      if (!Number.isNaN(score)) { sum += score; scored++; }
      if (column.codes[place] !== NOTHING && column.codes[place] % LATE === 4) solved++;
    }
    return { mean: scored ? sum / scored : null, solved: places.length ? solved / places.length : null };
  }

  cell(column, place) {
    return cellOf(column.codes[place], column.scores[place]);
  }

  /** Take what has changed; the cells that are different now, as {column, place}. */
  apply(changes) {
    const different = [];
    for (const [item, user, letter, points] of changes) {
      const column = this.columns.get(item), place = this.places.get(user);
      if (!column || place === undefined) continue;
      const code = codeOf(letter), score = points ?? NaN;
      if (column.codes[place] === code && Object.is(column.scores[place], score)) continue;
      column.codes[place] = code;
      column.scores[place] = score;
      different.push({ column, place });
    }
    return different;
  }
}

/** What a code and points say. */
export function cellOf(code, score) {
  if (code === NOTHING) return { tried: false, status: "new", late: false, unread: false, score: null, groups: ["not-started"] };
  return {
    tried: true,
    status: STATUSES[code % LATE],
    late: code % UNREAD >= LATE,
    unread: code >= UNREAD,
    score: Number.isNaN(score) ? null : score,
    groups: GROUPS.filter((group) => groupsOf[code] & bit(group)),
  };
}

function decode({ s, p }, length) {
  const codes = new Uint8Array(length), scores = new Float64Array(length).fill(NaN);
  for (let place = 0, next = 0; place < length; place++) {
    codes[place] = codeOf(s[place]);
    if (codes[place] !== NOTHING) scores[place] = p[next++] ?? NaN;
  }
  return { codes, scores };
}

/** What was typed, taken apart as webapp/teach/gradebook/choosing.py does: one word may be a group or part of a name. */
function wanted(text, typed) {
  let rest = ` ${text.toLowerCase().split(/\s+/).filter(Boolean).join(" ")} `;
  const groups = [], either = [];
  for (const name of Object.keys(typed).sort((a, b) => b.length - a.length)) {
    const phrase = ` ${name.toLowerCase()} `;
    if (!rest.includes(phrase)) continue;
    rest = rest.replaceAll(phrase, " ");
    if (name.includes(" ")) groups.push(typed[name]);
    else either.push([name.toLowerCase(), typed[name]]);
  }
  return { texts: rest.split(" ").filter(Boolean), groups, either };
}

/** To the nearest whole number, of two as near to the even one: as the server rounds. */
export function rounded(number) {
  const low = Math.floor(number);
  return number - low === 0.5 && low % 2 === 0 ? low : Math.round(number);
}

/** At most two decimals, no trailing zeros. */
export const shown = (number) => String(rounded(number * 100) / 100);
