// Text and work beside each other: the divider between them, keys that scroll the text, what a phone's keyboard covers.

const main = document.getElementById("main");
const divider = document.getElementById("divider");
const text = document.getElementById("item-text");
const beside = matchMedia("(min-width: 1024px) and (min-height: 480px)");
const STEP = 0.02;
const USUAL = 0.42;
const NARROWEST = { text: 320, work: 480 };

export const sideBySide = () => beside.matches;

export function startPanes(person) {
  divide(`split:${person}`);
  scrollByKeys();
  foldSignature(`signature:${person}`);
  measure();
}

function divide(key) {
  let share = stored(key);
  const bounds = () => {
    const width = main.clientWidth - divider.offsetWidth;
    return [Math.min(0.5, NARROWEST.text / width), Math.max(0.5, 1 - NARROWEST.work / width)];
  };
  const show = () => {
    const [least, most] = bounds();
    const shown = Math.min(most, Math.max(least, share));
    main.style.setProperty("--share", `${100 * shown}%`);
    for (const [name, value] of [["now", shown], ["min", least], ["max", most]]) {
      divider.setAttribute(`aria-value${name}`, String(Math.round(100 * value)));
    }
    return shown;
  };
  const set = (next) => {
    share = next;
    share = show();
    keep(key, share === USUAL ? null : share);
  };
  show();
  beside.addEventListener("change", show);
  addEventListener("resize", show);

  divider.addEventListener("keydown", (event) => {
    const [least, most] = bounds();
    const next = { ArrowLeft: share - STEP, ArrowRight: share + STEP, Home: least, End: most, Enter: USUAL }[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    set(next);
  });
  divider.addEventListener("dblclick", () => set(USUAL));
  divider.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    divider.setPointerCapture(event.pointerId);
    divider.classList.add("is-dragged");
    main.classList.add("is-splitting");
  });
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    set((event.clientX - main.getBoundingClientRect().left - divider.offsetWidth / 2) / main.clientWidth);
  });
  divider.addEventListener("lostpointercapture", () => {
    divider.classList.remove("is-dragged");
    main.classList.remove("is-splitting");
  });
}

// Nothing but the panes scrolls, so the keys that scroll a page scroll the text until something else has the focus.
function scrollByKeys() {
  document.addEventListener("keydown", (event) => {
    if (!sideBySide() || event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = text.clientHeight * 0.9;
    const far = text.scrollHeight;
    const by = { ArrowDown: 48, ArrowUp: -48, PageDown: page, PageUp: -page, " ": event.shiftKey ? -page : page, Home: -far, End: far }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    text.scrollBy({ top: by });
  });
}

function foldSignature(key) {
  const signature = document.getElementById("signature");
  if (!signature) return;
  if (read(key) === "folded") signature.open = false;
  signature.addEventListener("toggle", () => keep(key, signature.open ? null : "folded"));
}

// The bars that stay in view are as high as their words; what is scrolled to must not end up beneath them.
function measure() {
  const signature = document.getElementById("signature");
  if (signature) {
    new ResizeObserver(() => main.style.setProperty("--signature-height", `${signature.offsetHeight}px`)).observe(signature);
  }
  const view = window.visualViewport;
  if (!view) return;
  const lift = () => {
    const covered = Math.round(document.documentElement.clientHeight - view.height - view.offsetTop);
    // Pinching zooms the same way; only a keyboard leaves the scale alone.
    main.style.setProperty("--keyboard", `${view.scale === 1 && covered > 0 ? covered : 0}px`);
  };
  view.addEventListener("resize", lift);
  view.addEventListener("scroll", lift);
}

function stored(key) {
  const share = Number(read(key));
  return share > 0 && share < 1 ? share : USUAL;
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, String(value));
  } catch {
    // Without storage it lasts as long as the page.
  }
}
