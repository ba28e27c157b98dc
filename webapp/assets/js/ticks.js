// Rows with a box each: one box for all that are shown, and how many are checked.
export function setUp() {
  for (const form of document.querySelectorAll("[data-ticks]")) follow(form);
}

function follow(form) {
  const all = form.querySelector("[data-tick-all]");
  const boxes = [...form.querySelectorAll('tbody input[type="checkbox"]')];
  const count = form.querySelector("[data-tick-count]");
  const hint = count?.textContent ?? "";
  const shown = () => boxes.filter((box) => !box.closest("tr").hidden);
  const show = () => {
    const here = shown();
    const checkedHere = here.filter((box) => box.checked).length;
    if (all) {
      all.checked = checkedHere > 0 && checkedHere === here.length;
      all.indeterminate = checkedHere > 0 && checkedHere < here.length;
    }
    const checked = boxes.filter((box) => box.checked).length;
    if (count) count.textContent = checked ? count.dataset.template.replace("{count}", checked) : hint;
  };
  if (all && boxes.length) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of shown()) box.checked = all.checked;
      show();
    });
  }
  form.addEventListener("change", show);
  form.addEventListener("input", (event) => event.target.matches("[data-filter]") && show());
  addEventListener("pageshow", show);
  show();
}
