// The roadmap of a project: rows are dragged, or sent up and down, without leaving the page.
// Each button draws the rows again on the server; « Enregistrer » alone leaves with the form.
import { all, one } from "../dom.js";

let dragged = null;

function say(text) {
  const line = one("[data-roadmap-said]");
  if (line) line.textContent = text;
}

async function draw(form, name, value) {
  const fields = new FormData(form);
  fields.set(name, value);
  const answer = await fetch(form.action, {
    method: "POST",
    body: fields,
    headers: { "X-Requested-With": "XMLHttpRequest" },
  });
  if (!answer.ok) throw new Error(answer.status);
  one("[data-roadmap-grid]", form).innerHTML = await answer.text();
  const [act, key] = value.split(":");
  const same = key && one(`button[value="${act}:${key}"]:not([disabled])`, form);
  const row = key && one(`[data-row="${key}"]`, form);
  const last = act === "ajouter" && one("[data-row]:last-child input[required]", form);
  (same || last || (row && one("button:not([disabled])", row)) || one(`button[value="${act}"]`, form))?.focus();
  const problem = one(".nx-roadmap__problem", form);
  const rows = all("[data-row]", form);
  if (problem) say(problem.textContent);
  else if (row) say(`${one("input[required]", row).value} : ${rows.indexOf(row) + 1}/${rows.length}`);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("[data-roadmap]");
  const { name, value } = event.submitter ?? {};
  if (!form || !value || value === "enregistrer") return;
  event.preventDefault();
  draw(form, name, value).catch(() => form.submit());
});

document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.("[data-handle]")?.closest("[data-row]");
  if (!row) return;
  dragged = row;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setDragImage(row, 0, 0);
  event.dataTransfer.setData("text/plain", row.dataset.row);
  row.classList.add("nx-roadmap__row--dragged");
});

document.addEventListener("dragover", (event) => {
  const row = dragged && event.target.closest?.("[data-row]");
  if (!row || row.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (row === dragged) return;
  const { top, height } = row.getBoundingClientRect();
  row[event.clientY > top + height / 2 ? "after" : "before"](dragged);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("nx-roadmap__row--dragged");
  dragged = null;
});
