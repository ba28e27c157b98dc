// A bank's page while its items are proved: whenever one is done, its rows are fetched anew, and what has the focus keeps it.
import { setUp as followTasks } from "./task.js";

export function setUp() {
  document.addEventListener("task-ended", refresh);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("bank-items");
  const here = document.getElementById("bank-items");
  if (!fresh || !here) return;
  for (const row of here.querySelectorAll("tr[id]")) {
    const next = fresh.querySelector(`#${CSS.escape(row.id)}`);
    if (next && next.innerHTML !== row.innerHTML && !row.contains(document.activeElement)) row.replaceChildren(...next.childNodes);
  }
  for (const part of [".states", "#bank-status"]) {
    const [now, next] = [here.querySelector(part), fresh.querySelector(part)];
    if (now && next) now.replaceChildren(...next.childNodes);
  }
  followTasks();
}
