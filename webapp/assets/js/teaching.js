// What the item's text has folded: hints that are opened one after the other, passages to read on.
import { showMaths } from "./app.js";
import { ask, say } from "./page.js";

export function startTeaching() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-hint]");
    if (button) {
      event.preventDefault();
      openHint(button);
      return;
    }
    const link = event.target.closest?.('a[href^="#"]');
    if (link && unfold(link.hash)) event.preventDefault();
  });
  addEventListener("hashchange", () => unfold(location.hash));
  unfold(location.hash);
}

async function openHint(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const place = document.getElementById("hints");
  try {
    const answer = await ask(button.dataset.hint, { method: "POST", body: {} });
    place.innerHTML = answer.html; // rendered by our own template; a hint's prose is sanitised
  } catch (error) {
    button.removeAttribute("aria-disabled");
    document.getElementById("hint-cost").textContent = error.message && error.status ? error.message : say("hint-failed");
    return;
  }
  await showMaths(place);
  const opened = [...place.querySelectorAll("details")].at(-1);
  opened?.querySelector("summary").focus({ preventScroll: true });
  opened?.scrollIntoView({ block: "nearest" });
}

/** Open what the fragment names, go there, and take the focus along. */
function unfold(hash) {
  const target = hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  const fold = target?.closest("details");
  if (!fold) return false;
  for (let each = fold; each; each = each.parentElement?.closest("details")) each.open = true;
  if (location.hash !== hash) history.pushState(null, "", hash);
  fold.scrollIntoView({ block: "start" });
  fold.querySelector("summary").focus({ preventScroll: true });
  return true;
}
