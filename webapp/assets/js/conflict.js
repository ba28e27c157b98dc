// Two texts of one person: both are shown, and the person decides which goes on.
import { ask, say } from "./page.js";

const section = document.getElementById("draft-conflict");

/** Show `other` beside `mine`; `url` puts two texts beside each other, `choose(which)` is called with mine, other or both. */
export async function showConflict(url, mine, other, choose) {
  const time = other.saved_at
    ? new Date(other.saved_at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" })
    : "";
  section.querySelector("[data-conflict-text]").textContent = say("conflict", { time });
  for (const button of section.querySelectorAll("[data-conflict]")) button.onclick = () => choose(button.dataset.conflict);
  section.hidden = false;
  const place = section.querySelector("[data-conflict-diff]");
  try {
    const answer = await ask(url, { method: "POST", body: { from: other.content, to: mine } });
    place.innerHTML = answer.html; // rendered by our own template, which escapes both texts
  } catch {
    place.replaceChildren(...[["conflict-other", other.content], ["conflict-mine", mine]].flatMap(([name, text]) => [
      Object.assign(document.createElement("p"), { textContent: say(name) }),
      Object.assign(document.createElement("pre"), { textContent: text }),
    ]));
  }
}

export function hideConflict() {
  section.hidden = true;
  section.querySelector("[data-conflict-diff]").replaceChildren();
}
