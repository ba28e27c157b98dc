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
  document.addEventListener("toggle", (event) => event.target.open && fetchPassages(event.target), true);
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

// The passages come with the first one that is opened; should they not, its link leads to a page that has them.
async function fetchPassages(opened) {
  const link = opened.querySelector("[data-passage]");
  if (!link) return;
  const answer = await fetch(link.href, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const place of document.querySelectorAll("[data-passage]")) {
    const id = place.closest("details").id;
    const text = page.querySelector(`#${CSS.escape(id)} .prose`);
    if (text) place.parentElement.replaceWith(document.importNode(text, true));
  }
  showMaths(opened.closest(".readings"));
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
