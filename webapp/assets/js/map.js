// The map of a course: whoever points at an item, or comes to it by keyboard, sees its lines and what they lead to.
export function watchMap(map) {
  const lines = [...map.querySelectorAll(".map-lines path")];
  const nodes = new Map([...map.querySelectorAll("[data-node]")].map((node) => [node.dataset.node, node]));
  const light = (number) => {
    for (const lit of map.querySelectorAll(".lit")) lit.classList.remove("lit");
    for (const line of number ? lines : []) {
      const { before, after } = line.dataset;
      if (before !== number && after !== number) continue;
      line.classList.add("lit");
      line.parentNode.append(line); // above the others
      nodes.get(before === number ? after : before)?.classList.add("lit");
    }
  };
  const of = (event) => event.target.closest?.("[data-node]")?.dataset.node;
  map.addEventListener("pointerover", (event) => light(of(event)));
  map.addEventListener("pointerleave", () => light());
  map.addEventListener("focusin", (event) => light(of(event)));
  map.addEventListener("focusout", () => light());
}
