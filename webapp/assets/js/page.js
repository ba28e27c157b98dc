// What every module asks the page for: its words, its tokens, and requests that carry them.

const block = document.getElementById("words");
const words = block ? JSON.parse(block.textContent) : {};

/** The page's sentence called `name`, with {placeholders} filled in. */
export function say(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (all, key) => String(values[key] ?? all));
}

export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

/** A key that no other click has had; crypto.randomUUID exists on secure origins only, and a classroom's server may have none. */
export function freshKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server's refusal as an error: `status`, `code`, `message`, `details`. */
export class Refused extends Error {
  constructor(status, details) {
    super(details?.error?.message ?? "");
    this.status = status;
    this.code = details?.error?.code ?? "";
    this.details = details ?? {};
  }
}

/** JSON from `url`; throws `Refused` for an answer that is a refusal, TypeError or TimeoutError when there was none. */
export async function ask(url, { method = "GET", body, keepalive = false, seconds = 20 } = {}) {
  let answer = await once();
  if (answer.status === 400 && body !== undefined && (await renewToken(answer))) answer = await once();
  const details = await answer.json().catch(() => null);
  if (!answer.ok || details === null) throw new Refused(answer.status, details);
  return details;

  function once() {
    const headers = { Accept: "application/json" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      headers["X-CSRFToken"] = meta("csrf-token");
    }
    return fetch(url, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      keepalive,
      signal: keepalive ? undefined : AbortSignal.timeout(seconds * 1000),
    });
  }
}

// Signing in anew in another tab changes the token this page was given; take the new one and try once more.  Should it have been
// somebody else who signed in, nothing of this page may be sent in that name.
async function renewToken(answer) {
  const code = await answer.clone().json().then((details) => details?.error?.code, () => "");
  if (!/csrf|bad-request|^$/.test(code ?? "")) return false;
  const page = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  const theirs = fresh.querySelector('meta[name="person"]')?.content ?? "";
  if (theirs && theirs !== meta("person")) throw new Refused(409, { error: { code: "other-person", message: say("other-person") } });
  const token = fresh.querySelector('meta[name="csrf-token"]');
  const mine = document.querySelector('meta[name="csrf-token"]');
  if (!token || !mine) return false;
  mine.content = token.content;
  return true;
}
