// Boards: a card is dragged to another column, or sent there from its menu, without leaving the page.
// The server draws the columns again after each move; what it refuses comes back with its reason.
import { all, one } from "../dom.js";

let dragged = null;

const boardOf = (element) => element.closest?.("[data-board]");

function say(text) {
  const line = one("[data-board-said]");
  if (line) line.textContent = text;
}

async function send(board, fields) {
  const card = fields.get("card");
  board.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(board.dataset.board, {
      method: "POST",
      body: fields,
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (answer.status !== 200 && answer.status !== 409) throw new Error(answer.status);
    board.innerHTML = await answer.text();
    const moved = one(`#carte-${card}`, board);
    one("summary", moved ?? board)?.focus({ preventScroll: true });
    const refusal = one(".nx-board__refusal", board);
    const lane = moved && one(".nx-lane__head span", moved.closest("[data-lane]"));
    say(refusal ? refusal.textContent : `${one("a", moved ?? board)?.textContent ?? ""} : ${lane?.textContent ?? ""}`);
  } catch {
    location.reload(); // signed out, or the network is away: the page says so by itself
  } finally {
    board.removeAttribute("aria-busy");
  }
}

function fieldsOf(card, values) {
  const fields = new FormData(one("form", card));
  for (const [name, value] of Object.entries(values)) fields.set(name, value);
  return fields;
}

// The card under which the dragged one falls: the last whose middle is above the pointer.
function above(lane, y) {
  const cards = all("[data-card]", lane).filter((card) => card !== dragged);
  return cards.filter((card) => {
    const { top, height } = card.getBoundingClientRect();
    return top + height / 2 < y;
  }).at(-1);
}

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-card][draggable]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.card);
  card.classList.add("nx-card--dragged");
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("nx-card--dragged");
  for (const lane of all(".nx-lane--target")) lane.classList.remove("nx-lane--target");
  dragged = null;
});

document.addEventListener("dragover", (event) => {
  const lane = dragged && event.target.closest?.("[data-lane]");
  for (const other of all(".nx-lane--target")) {
    if (other !== lane) other.classList.remove("nx-lane--target");
  }
  if (!lane || boardOf(lane) !== boardOf(dragged)) return;
  event.preventDefault();
  lane.classList.add("nx-lane--target");
});

document.addEventListener("drop", (event) => {
  const lane = dragged && event.target.closest?.("[data-lane]");
  if (!lane) return;
  event.preventDefault();
  const after = above(lane, event.clientY)?.dataset.card ?? "";
  send(boardOf(lane), fieldsOf(dragged, { to: lane.dataset.lane, after }));
});

document.addEventListener("submit", (event) => {
  const board = boardOf(event.target);
  if (!board || !event.submitter) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  const fields = new FormData(event.target);
  fields.set(name, value);
  send(board, fields);
});

// One menu at a time; Escape and a click elsewhere close it.
document.addEventListener("click", ({ target }) => {
  for (const menu of all(".nx-card__menu[open]")) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of all(".nx-card__menu[open]")) {
    menu.open = false;
    one("summary", menu).focus();
  }
});
