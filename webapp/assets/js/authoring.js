// The page that edits a bank: checked and shown as one types, kept in this browser until it is saved, proved on demand.
import { showMaths } from "./app.js";
import { createBankEditor } from "./bank_editor.js";
import { ask, Refused, say } from "./page.js";

const PAUSE = 450;

export function setUp() {
  const form = document.getElementById("bank-form");
  const field = document.getElementById("text");
  const page = new Page(form, field);
  page.begin();
}

class Page {
  #timer;
  #checking = false;
  #again = false;
  #trial = 0;
  #record;
  #saved = JSON.parse(document.getElementById("saved-text").textContent);

  constructor(form, field) {
    Object.assign(this, { form, field });
    this.#record = `bank:${form.dataset.user}:${form.dataset.bank}:${form.elements.file.value}`;
  }

  begin() {
    const { form, field } = this;
    const restored = this.#restore();
    this.editor = createBankEditor({
      parent: field.parentElement,
      text: restored ?? field.value,
      label: say("label"),
      describedBy: "editor-help",
      nonce: document.querySelector("script[nonce]")?.nonce ?? "",
      phrases: JSON.parse(say("phrases")),
      onChange: () => this.#changed(),
      onMove: () => this.#soon(),
      onTry: () => this.#try(),
    });
    field.hidden = true;
    form.querySelector("[data-without-scripts]").hidden = true;
    const languages = form.querySelector(".preview-switch"); // a figure has none
    if (languages) languages.hidden = false;
    form.addEventListener("submit", () => {
      field.value = this.editor.text;
      form.elements.line.value = this.editor.line;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("[value=save]"));
    });
    form.addEventListener("click", (event) => this.#clicked(event));
    form.querySelector("#try").addEventListener("click", (event) => {
      event.preventDefault();
      this.#try();
    });
    document.getElementById("discard").addEventListener("click", () => {
      this.editor.replace(this.#saved);
      this.#forget();
      location.reload();
    });
    if (matchMedia("(max-width: 899px)").matches) form.querySelector(".authoring-side").open = false;
    const line = Number(form.elements.line.value);
    const problem = document.getElementById("problem");
    if (problem) problem.focus();
    else if (line > 1) this.editor.goTo(line, false);
    if (restored !== null) this.#state("restored");
    else if (this.editor.text !== this.#saved) this.#changed();
    this.#check();
    form.dataset.ready = "";
  }

  /** What this browser holds of this file and the server does not. */
  #restore() {
    let record = null;
    try {
      record = JSON.parse(localStorage.getItem(this.#record));
    } catch {
      return null;
    }
    if (typeof record?.text !== "string") return null;
    const shown = this.field.value;
    if (record.text === this.#saved) return this.#forget();
    if (shown !== this.#saved) return null; // what was just sent and not taken, or a new item, is what one came for
    this.form.elements.version.value = record.version; // saving it on top of what came since must ask
    return record.text;
  }

  #forget() {
    try {
      localStorage.removeItem(this.#record);
    } catch {
      // Where nothing can be kept nothing is left behind.
    }
    return null;
  }

  #keep(text) {
    try {
      localStorage.setItem(this.#record, JSON.stringify({ text, version: this.form.elements.version.value, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  #state(name) {
    document.getElementById("draft-state").textContent = say(name);
    document.getElementById("discard").hidden = name === "saved";
  }

  #changed() {
    const text = this.editor.text;
    if (text === this.#saved) {
      this.#forget();
      this.#state("saved");
    } else this.#state(this.#keep(text) ? "kept" : "unkept");
    document.getElementById("preview").classList.add("is-old");
    this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), PAUSE);
  }

  #body() {
    return { file: this.form.elements.file.value, text: this.editor.text, version: this.form.elements.version.value, line: this.editor.line };
  }

  async #check() {
    if (this.#checking) {
      this.#again = true;
      return;
    }
    this.#checking = true;
    const status = document.getElementById("check-state");
    try {
      const found = await ask(this.form.dataset.check, { method: "POST", body: this.#body(), seconds: 60 });
      if (found.problem) this.#unchecked(found.problem, status);
      else this.#show(found, status);
    } catch (error) {
      this.#unchecked(error instanceof Refused && error.message ? error.message : say("offline"), status);
    } finally {
      this.#checking = false;
      if (this.#again) {
        this.#again = false;
        this.#soon();
      }
    }
  }

  /** What was found before is not said of a text that nobody has read. */
  #unchecked(words, status) {
    if (status.textContent !== words) status.textContent = words;
    document.getElementById("faults").replaceChildren(Object.assign(document.createElement("p"), { className: "error", textContent: words }));
  }

  #show(found, status) {
    this.editor.show("read", found.faults);
    // All three are rendered by our own templates.
    document.getElementById("faults").innerHTML = found.list;
    document.getElementById("outline").innerHTML = found.outline;
    const preview = document.getElementById("preview");
    const open = [...preview.querySelectorAll("details")].map((part) => part.open);
    const same = preview.dataset.item === found.item;
    preview.innerHTML = found.html;
    preview.dataset.item = found.item;
    if (same) preview.querySelectorAll("details").forEach((part, place) => (part.open = open[place] ?? false));
    preview.classList.remove("is-old");
    showMaths(preview);
    const here = [...document.querySelectorAll("#outline [data-line]")].filter((link) => Number(link.dataset.line) <= this.editor.line).at(-1);
    here?.classList.add("is-here");
    const faults = found.faults.filter((each) => each.severity === "fault").length;
    const words = found.faults.length ? say("faults", { faults, remarks: found.faults.length - faults }) : say("fine");
    if (status.textContent !== words) status.textContent = words;
  }

  #clicked(event) {
    const link = event.target.closest("[data-line]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.editor.goTo(Number(link.dataset.line));
    }
    const button = event.target.closest("[data-show]");
    if (!button) return;
    document.getElementById("preview").dataset.shown = button.dataset.show;
    for (const each of this.form.querySelectorAll("[data-show]")) each.setAttribute("aria-pressed", String(each === button));
  }

  async #try() {
    const own = ++this.#trial;
    const [part, section] = [document.getElementById("trial-part"), document.getElementById("trial")];
    section.hidden = false;
    part.textContent = say("asking");
    section.scrollIntoView({ block: "nearest" });
    try {
      const asked = await ask(this.form.dataset.try, { method: "POST", body: this.#body(), seconds: 60 });
      if (asked.problem) {
        part.textContent = asked.problem;
        return;
      }
      for (let open = true, pause = 300; open && own === this.#trial; ) {
        await new Promise((done) => setTimeout(done, pause));
        const task = await ask(asked.task);
        part.innerHTML = task.html; // rendered by our own template
        [open, pause] = [task.open, task.poll_after_ms];
      }
      if (own !== this.#trial) return;
      const result = await ask(asked.result);
      part.innerHTML = result.html; // as above
      this.editor.show("proof", result.faults.filter((each) => each.file === this.form.elements.file.value));
      section.focus({ preventScroll: true });
    } catch (error) {
      if (own === this.#trial) part.textContent = error instanceof Refused && error.message ? error.message : say("offline");
    }
  }
}
