// An item's page seen through a student's eyes: the panes and folds work, nothing is written or sent.
import { startPanes } from "./panes.js";
import { startTeaching } from "./teaching.js";

const form = document.getElementById("work-form");
startPanes(form.dataset.user);
startTeaching();
for (const cell of document.querySelectorAll("#verdict .scroll .worst")) {
  const box = cell.closest(".scroll");
  box.scrollLeft = cell.offsetLeft - (box.clientWidth - cell.offsetWidth) / 2;
}
form.dataset.ready = "";
