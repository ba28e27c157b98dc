// Long work: asks how far it is until it has ended, then reloads the page where that shows more.
import { ask } from "./page.js";

const followed = new WeakSet();

/** Follow what is open; called again where a page has put in more, it asks for none twice. */
export function setUp() {
  for (const place of document.querySelectorAll("[data-task][data-open='true']")) {
    if (!followed.has(place)) follow(place);
    followed.add(place);
  }
}

async function follow(place) {
  for (let pause = 300, failures = 0; ; ) {
    await new Promise((done) => setTimeout(done, pause));
    if (!place.isConnected) return;
    try {
      const task = await ask(place.dataset.task);
      place.innerHTML = task.html; // rendered by our own template
      place.dataset.open = String(task.open);
      if (!task.open) return ended(place);
      [pause, failures] = [task.poll_after_ms, 0];
    } catch (error) {
      if (error.status && error.status < 500 && error.status !== 429) return;
      pause = Math.min(10_000, 1000 * 2 ** failures++);
    }
  }
}

function ended(place) {
  place.dispatchEvent(new CustomEvent("task-ended", { bubbles: true }));
  if ("reload" in place.dataset) location.reload();
}
