// Rows with a box each: one box for all on the page, and how many are checked.
export function setUp() {
  for (const form of document.querySelectorAll("[data-ticks]")) follow(form);
}

function follow(form) {
  const all = form.querySelector("[data-tick-all]");
  const boxes = [...form.querySelectorAll('tbody input[type="checkbox"]')];
  const count = form.querySelector("[data-tick-count]");
  const show = () => {
    const checked = boxes.filter((box) => box.checked).length;
    if (all) {
      all.checked = checked > 0 && checked === boxes.length;
      all.indeterminate = checked > 0 && checked < boxes.length;
    }
    if (count) count.textContent = checked ? count.dataset.template.replace("{count}", checked) : "";
  };
  if (all && boxes.length) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
  }
  form.addEventListener("change", show);
  show();
}
