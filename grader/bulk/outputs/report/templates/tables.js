// Tables that are put in order by a column's heading and filtered by typing; without scripts they stand by name.
(() => {
  const key = (cell) => {
    const number = Number.parseFloat(cell.dataset.n ?? cell.textContent);
    return Number.isNaN(number) ? -1 : number;
  };
  for (const table of document.querySelectorAll("table.sorted")) {
    const body = table.tBodies[0];
    for (const [place, heading] of [...table.tHead.rows[0].cells].entries()) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => {
        const words = heading.classList.contains("text");
        const falling = words ? heading.ariaSort === "ascending" : heading.ariaSort !== "descending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.ariaSort = falling ? "descending" : "ascending";
        const compare = words
          ? (one, other) => one.cells[place].textContent.localeCompare(other.cells[place].textContent, undefined, { numeric: true })
          : (one, other) => key(one.cells[place]) - key(other.cells[place]);
        body.append(...[...body.rows].sort((one, other) => (falling ? -1 : 1) * compare(one, other)));
      });
    }
  }
  for (const field of document.querySelectorAll("[data-filter]")) {
    const rows = [...document.querySelector(field.dataset.filter).tBodies[0].rows];
    const count = document.getElementById(field.dataset.count);
    field.closest("[hidden]").hidden = false;
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLocaleLowerCase();
      let shown = 0;
      for (const row of rows) {
        row.hidden = !row.textContent.toLocaleLowerCase().includes(wanted);
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} / ${rows.length}`;
    });
  }
})();
