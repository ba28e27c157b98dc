// Times that go on while a page is open: "3 hours ago" grows older, "2 days 4 hours left" runs down, as webapp/times_shown.py tells them.
const MINUTE = 60, HOUR = 3600, DAY = 86400;
const STEPS = [[MINUTE, 1, "second"], [HOUR, MINUTE, "minute"], [DAY, HOUR, "hour"], [7 * DAY, DAY, "day"]];

const secondsUntil = (time) => (Date.parse(time.dateTime) - Date.now()) / 1000;

/** The two units that matter; seconds only in the last five minutes. */
export function partsLeft(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  if (left >= DAY) return [[Math.floor(left / DAY), "day"], [Math.floor((left % DAY) / HOUR), "hour"]];
  if (left >= HOUR) return [[Math.floor(left / HOUR), "hour"], [Math.floor((left % HOUR) / MINUTE), "minute"]];
  if (left >= 5 * MINUTE) return [[Math.floor(left / MINUTE), "minute"]];
  return [[Math.floor(left / MINUTE), "minute"], [left % MINUTE, "second"]];
}

function inWords(seconds, language) {
  const parts = partsLeft(seconds);
  const told = parts.filter(([number]) => number > 0);
  const chinese = language.startsWith("zh");
  const words = (told.length ? told : parts.slice(-1)).map(([number, unit]) =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: chinese ? "short" : "long", useGrouping: false }).format(number));
  return words.join(chinese ? "" : " ");
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tell(root) {
  const language = document.documentElement.lang;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const seconds = secondsUntil(time);
    const step = STEPS.find(([below]) => Math.abs(seconds) < below);
    if (step && Math.abs(seconds) >= MINUTE) write(time, format.format(Math.trunc(seconds / step[1]), step[2]));
  }
  let soon = false;
  for (const time of root.querySelectorAll("time[data-left]")) {
    const seconds = secondsUntil(time);
    const around = time.closest("[data-over]");
    if (seconds > 0) write(time, inWords(seconds, language));
    else if (around) write(around, around.dataset.over);
    soon ||= seconds > 0 && seconds < 5 * MINUTE + 30;
  }
  return soon;
}

/** Keep every time on the page up to date; by the second only while one runs out. */
export function keepTime(root = document) {
  const soon = tell(root);
  setTimeout(() => keepTime(root), soon ? 1000 : 15_000);
}

/** Tell the server, by a cookie, where the reader's clock is: times are written for it from the next page on. */
export function rememberZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!/^[\w+\-/]{1,64}$/.test(zone ?? "") || document.cookie.split("; ").includes(`zone=${zone}`)) return;
  document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}
