// Drag and drop on the task board, with a mouse and a wide screen only; the menu "Déplacer vers"
// is the way for everybody. The board carries data-sortable (address of the library).
import { all, one } from "./dom.js";

const COMFORTABLE = "(hover: hover) and (pointer: fine) and (min-width: 64rem)";

function load(address) {
  return new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

function move({ item, from, to, oldIndex, newIndex }) {
  if (from === to && oldIndex === newIndex) return;
  const putBack = () => from.insertBefore(item, from.children[oldIndex] ?? null);
  item.addEventListener("htmx:error", putBack, { once: true });
  item.addEventListener("htmx:response:error", putBack, { once: true });
  window.htmx.ajax("POST", item.dataset.move, {
    source: item,
    target: "#board",
    swap: "outerMorph",
    values: { column: to.dataset.column, position: newIndex },
  });
}

async function enable() {
  const board = one("#board[data-sortable]");
  if (!board || !matchMedia(COMFORTABLE).matches) return;
  if (!window.Sortable) await load(board.dataset.sortable);
  for (const list of all("ul[data-column]", board)) {
    window.Sortable.get(list) ??
      window.Sortable.create(list, {
        group: "tasks",
        animation: 140,
        ghostClass: "slot",
        draggable: "[data-move]",
        filter: ".menu",
        preventOnFilter: false,
        onEnd: move,
      });
  }
}

enable();
document.addEventListener("htmx:after:swap", enable);
