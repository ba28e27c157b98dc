// Tables of people: sorting without losing the ticks, copying links.
export function setUp() {
  for (const link of document.querySelectorAll("th a[data-sort]")) link.addEventListener("click", sort);
  for (const button of document.querySelectorAll("[data-copy]")) copies(button);
}

function sort(event) {
  event.preventDefault();
  const head = event.target.closest("th");
  const table = head.closest("table");
  const place = [...head.parentElement.children].indexOf(head);
  const before = head.getAttribute("aria-sort");
  const down = before === "none" ? head.classList.contains("number") : before === "ascending";
  for (const other of head.parentElement.querySelectorAll("[aria-sort]")) other.setAttribute("aria-sort", "none");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const rows = [...table.tBodies[0].rows].map((row) => [row.cells[place].textContent.trim(), row]);
  // What is empty comes last, whichever way.
  rows.sort(([a], [b]) => (a === "") - (b === "") || (down ? -1 : 1) * collator.compare(a, b));
  table.tBodies[0].append(...rows.map(([, row]) => row));
  const address = new URL(event.target.href);
  address.searchParams.set("sort", (down ? "-" : "") + address.searchParams.get("sort").replace("-", ""));
  history.replaceState(null, "", address);
}

function copies(button) {
  const field = document.querySelector(button.dataset.copy);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    // A classroom's server may have no HTTPS, and without it no clipboard but this older one.
    await (navigator.clipboard?.writeText(field.value) ?? Promise.resolve(document.execCommand("copy"))).catch(() => {});
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
