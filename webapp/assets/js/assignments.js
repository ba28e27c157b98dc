// Lists that can be put into another order, filters over what is not one table, and a word before typed text is lost.

export function setUp() {
  for (const form of document.querySelectorAll("form[data-reorder]")) reorder(form);
  for (const field of document.querySelectorAll("input[data-narrow]")) narrow(field);
  for (const form of document.querySelectorAll("form[data-leaving]")) warnBeforeLeaving(form);
}

// Buttons work without this file too.  Here they move the row at once where the form is saved as a whole anyway, and rows
// can be dragged.
function reorder(form) {
  const rows = () => [...form.querySelectorAll("[data-row]")];
  const atOnce = "submits" in form.dataset;
  if (!form.querySelector("button[name=move]")) return;
  if (!atOnce) {
    form.addEventListener("click", (event) => {
      const button = event.target.closest?.("button[data-move]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("[data-row]");
      const place = rows().indexOf(row);
      const other = rows()[place + (button.dataset.move === "up" ? -1 : 1)];
      if (!other) return;
      if (button.dataset.move === "up") other.before(row);
      else other.after(row);
      settled(row);
      if (button.disabled) row.querySelector("button[data-move]:not(:disabled)")?.focus();
      else button.focus();
    });
  }
  let dragged = null;
  let before = [];
  for (const row of rows()) {
    const handle = row.querySelector(".order-buttons");
    handle.classList.add("is-handle");
    handle.addEventListener("pointerdown", () => { row.draggable = true; });
    handle.addEventListener("pointerup", () => { row.draggable = false; });
    row.addEventListener("dragstart", (event) => {
      if (!row.draggable) return;
      [dragged, before] = [row, rows()];
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
      row.classList.add("is-dragged");
    });
    row.addEventListener("dragend", () => {
      row.draggable = false;
      row.classList.remove("is-dragged");
      const moved = rows().some((each, place) => each !== before[place]);
      dragged = null;
      if (moved && atOnce) form.requestSubmit();
      else if (moved) settled(row);
    });
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const box = row.getBoundingClientRect();
      if (event.clientY < box.top + box.height / 2) row.before(dragged);
      else row.after(dragged);
    });
    row.addEventListener("drop", (event) => event.preventDefault());
  }

  function settled(row) {
    const all = rows();
    all.forEach((each, place) => {
      for (const button of each.querySelectorAll("button[data-move]")) {
        button.disabled = place === (button.dataset.move === "up" ? 0 : all.length - 1);
      }
    });
    const status = form.querySelector("[data-reorder-status]");
    if (status) {
      const title = row.querySelector("b")?.textContent ?? "";
      status.textContent = status.dataset.template
        .replace("{title}", title).replace("{place}", all.indexOf(row) + 1).replace("{all}", all.length);
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function narrow(field) {
  field.hidden = false;
  field.addEventListener("input", () => {
    const parts = field.value.toLocaleLowerCase().split(/\s+/);
    for (const row of document.querySelectorAll(field.dataset.narrow)) {
      const text = row.textContent.toLocaleLowerCase();
      row.hidden = !parts.every((part) => text.includes(part));
    }
    for (const shelf of document.querySelectorAll(".shelf")) shelf.hidden = !shelf.querySelector("tbody tr:not([hidden])");
  });
}

function warnBeforeLeaving(form) {
  let changed = false;
  let sending = false;
  form.addEventListener("input", () => { changed = true; });
  document.addEventListener("submit", () => { sending = true; });
  addEventListener("beforeunload", (event) => {
    if (changed && !sending) event.preventDefault();
  });
}
