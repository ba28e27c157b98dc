// Pages for people who teach: each part is fetched by the pages that have it.
const PARTS = [
  ["[data-upload], [data-preview]", () => import("./uploads.js")],
  ["[data-plot]", () => import("./plot.js")],
  ["#bank-form", () => import("./authoring.js")],
  ["#bank-items", () => import("./bank.js")],
  ["[data-task]", () => import("./task.js")],
  ["#gradebook", () => import("./gradebook.js")],
  ["[data-ticks]", () => import("./ticks.js")],
  ["[data-copy], th a[data-sort]", () => import("./people.js")],
  ["[data-review]", () => import("./review.js")],
  ["[data-reorder], [data-narrow], [data-leaving]", () => import("./assignments.js")],
];

const tabs = document.querySelector(".tabs");
const here = tabs?.querySelector("[aria-current]")?.getBoundingClientRect();
if (here) tabs.scrollLeft += here.left - tabs.getBoundingClientRect().left - (tabs.clientWidth - here.width) / 2;

for (const [selector, load] of PARTS) {
  if (document.querySelector(selector)) load().then((part) => part.setUp());
}
