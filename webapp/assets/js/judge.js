// Sending a submission and following its job until the verdict is there.  Every request is short; nothing is held open.
import { ask, Refused } from "./page.js";

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const PAUSES = [1000, 2000, 4000, 8000, 15000];

/**
 * Send `body` to `url`.  The same client key makes a repetition harmless, so what gets no answer is sent again until it does or
 * is called off; a server that answers with a failure is asked a few times.
 */
export async function send(url, body, { onWaiting, isCancelled }) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask(url, { method: "POST", body });
    } catch (error) {
      if (isCancelled() || (error instanceof Refused && (error.status < 500 || attempt >= PAUSES.length))) throw error;
      onWaiting();
      const delay = PAUSES[Math.min(attempt, PAUSES.length - 1)];
      await Promise.race([pause(delay), new Promise((done) => addEventListener("online", done, { once: true }))]);
      if (isCancelled()) throw error;
    }
  }
}

/**
 * Ask about the job at `url` until it is done; `onState(job)` sees every answer before that, `onLost(refusal)` every missing one:
 * without a refusal there is no connection, with one nobody is signed in (which may change in another tab).
 */
export async function follow(url, first, { onState, onLost, isCancelled }) {
  let job = first;
  let delay = first?.poll_after_ms ?? 200;
  if (job && !job.done) onState(job);
  while (!job?.done) {
    await pause(delay);
    if (isCancelled()) return null;
    try {
      job = await ask(url);
      delay = Math.min(2000, Math.max(40, job.poll_after_ms ?? 500));
      if (!job.done) onState(job);
    } catch (error) {
      const signedOut = error instanceof Refused && error.status === 401;
      if (error instanceof Refused && error.status < 500 && error.status !== 429 && !signedOut) throw error;
      delay = signedOut ? 4000 : 2000;
      onLost(signedOut ? error : undefined);
    }
  }
  return job;
}
