// The calendar: a date is dragged to another day, or moved with Alt and the arrows.
import { all, one } from "../dom.js";

let dragged = null;
const DAYS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function move(entry, day) {
  const form = one("form", entry);
  one("input[type=date]", form).value = day;
  form.requestSubmit();
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".nx-date[draggable]") ?? null;
  if (dragged) event.dataTransfer.setData("text/plain", dragged.id);
});
document.addEventListener("dragend", () => {
  dragged = null;
  for (const day of all(".nx-day--target")) day.classList.remove("nx-day--target");
});
document.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest?.("[data-day]");
  for (const other of all(".nx-day--target")) if (other !== day) other.classList.remove("nx-day--target");
  if (!day) return;
  event.preventDefault();
  day.classList.add("nx-day--target");
});
document.addEventListener("drop", (event) => {
  const day = dragged && event.target.closest?.("[data-day]");
  if (!day) return;
  event.preventDefault();
  if (day !== dragged.closest("[data-day]")) move(dragged, day.dataset.day);
});

document.addEventListener("keydown", (event) => {
  const entry = event.target.closest?.(".nx-date[draggable]");
  const days = event.altKey && entry && DAYS[event.key];
  if (!days) return;
  event.preventDefault();
  const [year, month, day] = entry.closest("[data-day]").dataset.day.split("-").map(Number);
  move(entry, new Date(Date.UTC(year, month - 1, day + days)).toISOString().slice(0, 10));
});
