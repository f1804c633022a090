// The tasks: drag and drop with a mouse and a wide screen only (the menu "Déplacer vers" is the way
// for everybody), a dialog that has the address of its task, and the columns of a phone.
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

// What the server is told: where the card was seen, and the card above it where it was put.
function move({ item, from, to, oldIndex, newIndex }) {
  if (from === to && oldIndex === newIndex) return;
  const putBack = () => from.insertBefore(item, from.children[oldIndex] ?? null);
  item.addEventListener("htmx:error", putBack, { once: true });
  item.addEventListener("htmx:response:error", putBack, { once: true });
  let above = item.previousElementSibling;
  while (above && !above.id.startsWith("t-")) above = above.previousElementSibling;
  window.htmx.ajax("POST", item.dataset.move, {
    source: item,
    target: "#tasks",
    swap: "outerMorph",
    values: {
      status: to.dataset.column,
      seen: item.dataset.seen,
      after: above ? above.id.slice(2) : 0,
    },
  });
}

async function enableDragging() {
  const board = one("#tasks[data-sortable]");
  if (!board || !one("[data-move]", board) || !matchMedia(COMFORTABLE).matches) return;
  if (!window.Sortable) await load(board.dataset.sortable);
  for (const list of all("ul[data-column]", board)) {
    window.Sortable.get(list) ??
      window.Sortable.create(list, {
        group: "tasks",
        animation: 140,
        ghostClass: "slot",
        draggable: ".task",
        filter: ".task-menu, .quick-slot, .task:not([data-move])",
        preventOnFilter: false,
        onEnd: move,
      });
  }
}

// A task opened over the board has its own address, and leaves it when the dialog closes, whether
// by its cross, by Esc, or by the browser's way back.
let openedFrom = null;

document.addEventListener("htmx:before:history:update", ({ detail }) => {
  if (!detail.sourceElement?.matches("[data-opens-task]")) return;
  openedFrom = { address: location.href, link: detail.sourceElement.closest("li").id };
});

one("#modal")?.addEventListener("close", () => {
  if (!openedFrom) return;
  if (location.href !== openedFrom.address) history.back();
});

document.addEventListener("htmx:before:history:restore", (event) => {
  if (!openedFrom || location.href !== openedFrom.address || !one("#tasks")) return;
  event.preventDefault(); // the board is still there, under the dialog
  const { link } = openedFrom;
  openedFrom = null;
  const modal = one("#modal");
  if (modal?.open) modal.close();
  const goBack = () => one(`#${link} [data-opens-task]`)?.focus({ preventScroll: true });
  (window.navigation?.transition?.finished ?? Promise.resolve()).then(goBack);
});

// A menu closes once it was used; a message on a card is given up with its form.
document.addEventListener("click", ({ target }) => {
  const menu = target.closest(".task-menu .pop :is(a, button)")?.closest("details");
  if (menu) setTimeout(() => (menu.open = false));
  target.closest("[data-quick-close]")?.closest(".quick-slot")?.replaceChildren();
});
document.addEventListener("htmx:after:swap", () => one(".quick-slot [autofocus]")?.focus());

// On a phone the board shows one column at a time; the tabs say which, and lead to the others.
let watching = null;

function watchColumns() {
  const tabs = one("[data-board-tabs]");
  watching?.disconnect();
  if (!tabs) return;
  watching = new IntersectionObserver(
    (columns) => {
      const seen = columns.find(({ isIntersecting }) => isIntersecting);
      if (!seen) return;
      for (const tab of all("a", tabs)) {
        if (tab.hash === `#${seen.target.id}`) tab.setAttribute("aria-current", "true");
        else tab.removeAttribute("aria-current");
      }
    },
    { root: one(".board"), threshold: 0.6 },
  );
  for (const column of all(".board > .col")) watching.observe(column);
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest("[data-board-tabs] a");
  if (!tab) return;
  event.preventDefault(); // no entry in the history for a look at a column
  const column = one(tab.hash);
  one(".board").scrollTo({ left: column.offsetLeft - one(".board .col").offsetLeft });
  column.focus({ preventScroll: true });
});

// A list that was touched keeps what was chosen in it, whatever a new reading of the task says.
function showStates() {
  for (const option of all("#task select option[selected]")) option.selected = true;
}

function start() {
  enableDragging();
  showStates();
  watchColumns();
}

start();
document.addEventListener("htmx:after:swap", start);
