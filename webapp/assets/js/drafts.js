// Drafts: into this browser at every change, to the server soon after, and never lost between the two.
//
// The local record is {text, version, at, dirty}: `version` is the server's version it started from, `dirty` whether the server
// has this text yet.  The server keeps the last text written and hands back the one it replaced, so two tabs cannot silently
// destroy each other's work: the other text is offered.
import { ask, Refused } from "./page.js";

const PAUSE = 900; // long enough to send a sentence at a time, short enough to close the lid after
const RETRY = 8000;

export class Draft {
  #timer;
  #sending = false;
  #again = false;

  /** `read()` gives the editor's text; `onState(name, details)` shows one; `onOther(other)` offers what another tab saved. */
  constructor({ url, key, version, savedText, read, onState, onOther }) {
    Object.assign(this, { url, key, version, savedText, read, onState, onOther });
    addEventListener("online", () => this.#dirty && this.#send());
    addEventListener("pagehide", () => this.#dirty && this.#leave());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#dirty && this.#send());
  }

  /** What the editor should start with, given the server's text: {text, other}. */
  restore(serverText, savedAt) {
    const record = this.#record();
    if (!record?.dirty || record.text === serverText) return { text: serverText, other: null };
    const serverMoved = record.version !== this.version;
    if (serverMoved && savedAt && Date.parse(savedAt) > record.at) {
      return { text: serverText, other: { content: record.text, saved_at: new Date(record.at).toISOString() } };
    }
    this.#schedule(0);
    return { text: record.text, other: serverMoved ? { content: serverText, saved_at: savedAt } : null };
  }

  /** Call at every change of the text. */
  changed() {
    const text = this.read();
    if (text === this.savedText && !this.#record()?.dirty) return;
    this.#keep(text, true);
    this.#schedule(PAUSE);
  }

  /** The server has `text` now (it came with a submission). */
  settled(text) {
    if (this.read() === text) this.#keep(text, true), this.#schedule(0);
  }

  /** Follow another tab of this browser while nothing is typed here. */
  follow(replace, isIdle) {
    addEventListener("storage", (event) => {
      if (event.key !== this.key || event.newValue === null) return;
      const record = this.#record();
      if (!record || !isIdle() || this.#ownUnsent) return;
      this.savedText = record.text;
      this.version = record.version;
      this.following = true;
      replace(record.text);
      this.following = false;
    });
  }

  get #ownUnsent() { return this.#timer !== undefined || this.#sending; }
  get #dirty() { return this.read() !== this.savedText; }

  #record() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  #keep(text, dirty) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ text, version: this.version, at: Date.now(), dirty }));
    } catch {
      // Storage is full or switched off; the server's copy still works.
    }
  }

  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), delay);
  }

  async #send() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending) {
      this.#again = true;
      return;
    }
    this.#sending = true;
    const text = this.read();
    this.onState("saving");
    try {
      const answer = await ask(this.url, { method: "PUT", body: { content: text, version: this.version } });
      this.version = answer.version;
      this.savedText = text;
      this.#keep(this.read(), this.read() !== text);
      this.onState("saved", { at: answer.saved_at });
      if (answer.conflict && answer.other && answer.other.content !== text) this.onOther(answer.other);
    } catch (error) {
      if (error instanceof Refused && error.status === 401) this.onState("signed-out", error.details.error);
      else if (error instanceof Refused && error.status === 413) this.onState("too-large");
      else {
        this.onState("offline");
        this.#schedule(RETRY);
      }
    } finally {
      this.#sending = false;
      if (this.#again) {
        this.#again = false;
        this.#send();
      }
    }
  }

  // A page that is going away may still send 64 KiB.
  #leave() {
    const content = this.read();
    if (content.length > 20_000) return;
    ask(this.url, { method: "PUT", body: { content, version: this.version }, keepalive: true }).then(
      (answer) => { this.version = answer.version; this.savedText = content; this.#keep(content, false); },
      () => {},
    );
  }
}
