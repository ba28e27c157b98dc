// Drafts: into this browser at every change, to the server soon after, and never lost between the two.
//
// What the server does not have yet stands in local storage under `KEY:page`, one record for each open page, so that two tabs
// never write over each other: {text, version, at, sent}.  `version` is the server's version the text started from, `sent` a text
// that was sent without an answer: should the server turn out to have it, that was us.  Every save names its version, and the
// server refuses one that would replace what this page has not seen: then both texts are shown and the person decides.
import { ask, freshKey, Refused } from "./page.js";

const PAUSE = 900; // long enough to send a sentence at a time, short enough to close the lid after
const RETRY = 8000;
const AT_LEAVING = 20_000; // characters: what a page that is going away may still send is 64 KiB

/** The draft that the server has: `page`, {version, text, savedAt}, is what this page was made with.  It was made too early where this
 *  tab has been told of a later version since: a save and a reload crossed on their way. */
export async function newest({ url, key }, page) {
  if (!(toldVersion(key) > page.version)) return page;
  const { content, version, saved_at } = await ask(url).catch(() => page);
  return version > page.version ? { version, text: content, savedAt: saved_at } : page;
}

function toldVersion(key) {
  try {
    return Number(sessionStorage.getItem(`${key}:version`));
  } catch {
    return 0;
  }
}

export class Draft {
  #timer;
  #sending = false;
  #again = false;
  #unanswered = [];
  #conflict = null;
  #kept = true;
  #place;
  #channel;

  /** `read()` gives the text; `onState(name, details)` shows one; `onConflict(other)` shows another text, null that it is settled. */
  constructor({ url, key, version, savedText, read, onState, onConflict }) {
    Object.assign(this, { url, key, version, savedText, read, onState, onConflict });
    this.#place = `${key}:${freshKey()}`;
    this.#channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(key) : null;
    const soon = () => this.dirty && this.#send();
    addEventListener("online", soon);
    addEventListener("focus", soon); // the sign-in may have happened in another tab
    addEventListener("pageshow", (event) => event.persisted && soon());
    addEventListener("pagehide", () => this.dirty && this.#leave());
    document.addEventListener("visibilitychange", soon);
    addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.#kept) event.preventDefault();
    });
  }

  get dirty() { return this.read() !== this.savedText; }
  get conflict() { return this.#conflict; }

  /** What the editor should start with, given the server's text. */
  restore(serverText, savedAt) {
    const records = this.#records(serverText);
    if (records.length === 0) return serverText;
    const [mine, another] = records;
    const onServer = this.version;
    const moved = mine.version !== onServer && mine.sent !== serverText;
    if (moved) this.version = mine.version; // until the person has chosen, a further reload must ask again
    this.#forget(mine.name);
    this.#keep(mine.text);
    if (moved) this.#raise({ content: serverText, version: onServer, saved_at: savedAt });
    else if (another) this.#raise({ content: another.text, saved_at: new Date(another.at).toISOString(), name: another.name });
    else this.#schedule(0);
    return mine.text;
  }

  /** Call at every change of the text. */
  changed() {
    if (!this.dirty && !this.#sending) {
      this.#forget(this.#place);
      clearTimeout(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#keep(this.read());
    if (!this.#conflict) this.#schedule(PAUSE);
  }

  /** `text` is on its way to the server, which may keep it as the draft. */
  sent(text) {
    this.#unanswered = [...this.#unanswered.slice(-4), text];
  }

  /** The server has kept `text` as the draft under `version`. */
  accepted(text, version) {
    if (this.#conflict) return;
    this.#told(version);
    this.savedText = text;
    this.changed();
  }

  /** Save now what there is. */
  settle() {
    if (this.dirty) this.#schedule(0);
  }

  /** The person has chosen: from now on the other text may be replaced. */
  resolve() {
    const other = this.#conflict;
    this.#conflict = null;
    if (other.name) this.#forget(other.name);
    else {
      this.version = other.version;
      this.savedText = other.content;
    }
    this.onConflict(null);
    if (this.dirty) this.#schedule(0);
    else {
      this.#forget(this.#place);
      this.onState("saved", { at: other.saved_at });
    }
  }

  /** Follow another tab of this browser while nothing is typed here. */
  follow(replace, isIdle) {
    this.#channel?.addEventListener("message", ({ data }) => {
      if (this.#conflict && !this.#conflict.name) {
        this.#raise({ ...this.#conflict, content: data.text, version: data.version });
        if (data.text === this.read()) this.resolve();
        return;
      }
      if (this.dirty || this.#sending || this.#timer !== undefined || !isIdle()) return;
      this.savedText = data.text;
      this.version = data.version;
      this.following = true;
      replace(data.text);
      this.following = false;
    });
  }

  #raise(other) {
    this.#conflict = other;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.onState("conflict");
    this.onConflict(other);
  }

  /** What this browser holds of this draft, newest first, without what the server has too. */
  #records(serverText) {
    const found = [];
    try {
      for (const name of Object.keys(localStorage)) {
        if (name !== this.key && !name.startsWith(`${this.key}:`)) continue;
        const record = JSON.parse(localStorage.getItem(name));
        if (typeof record?.text !== "string" || record.dirty === false || record.text === serverText) this.#forget(name);
        else if (found.every((each) => each.text !== record.text)) found.push({ ...record, name });
      }
    } catch {
      return found;
    }
    return found.sort((one, other) => other.at - one.at);
  }

  #keep(text) {
    try {
      const record = { text, version: this.version, at: Date.now(), sent: this.#unanswered.at(-1) };
      localStorage.setItem(this.#place, JSON.stringify(record));
      this.#kept = true;
    } catch {
      this.#kept = false; // storage is full or switched off; the server's copy still works
    }
  }

  #forget(name) {
    try {
      localStorage.removeItem(name);
    } catch {
      // Where nothing can be kept nothing is left behind.
    }
  }

  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), delay);
  }

  async #send() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#conflict) return;
    if (this.#sending) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    const text = this.read();
    this.onState("saving");
    try {
      const answer = await ask(this.url, { method: "PUT", body: { content: text, version: this.version, if_match: true } });
      this.#saved(text, answer);
    } catch (error) {
      this.#failed(text, error);
    } finally {
      this.#sending = false;
      if (this.#again) {
        this.#again = false;
        this.#send();
      }
    }
  }

  #told(version) {
    this.version = version;
    try {
      sessionStorage.setItem(`${this.key}:version`, version);
    } catch {
      // Where nothing can be kept, the next reload shows what was on its way.
    }
  }

  #saved(text, answer) {
    this.#told(answer.version);
    this.savedText = text;
    this.#unanswered = [];
    this.#channel?.postMessage({ text, version: answer.version });
    if (this.dirty) {
      this.#keep(this.read());
      this.#schedule(PAUSE);
    } else this.#forget(this.#place);
    this.onState("saved", { at: answer.saved_at });
  }

  #failed(text, error) {
    const status = error instanceof Refused ? error.status : 0;
    if (error.code === "draft-changed") {
      const { other } = error.details;
      if (other.content === this.savedText || this.#unanswered.includes(other.content)) {
        this.version = other.version;
        this.savedText = other.content;
        this.#schedule(0);
      } else this.#raise(other);
    } else if (error.code === "other-person") this.onState("other-person");
    else if (status === 401) {
      this.onState("signed-out", error.details.error);
      this.#schedule(RETRY);
    } else if (status === 413) this.onState("too-large");
    else {
      this.sent(text); // it may have arrived, and only the answer been lost
      this.#keep(this.read());
      this.onState(this.#kept ? "offline" : "unkept");
      this.#schedule(RETRY);
    }
  }

  #leave() {
    const content = this.read();
    if (this.#conflict || content.length > AT_LEAVING) return;
    this.sent(content);
    this.#keep(content);
    ask(this.url, { method: "PUT", body: { content, version: this.version, if_match: true }, keepalive: true }).then(
      (answer) => this.#saved(content, answer),
      () => {},
    );
  }
}
