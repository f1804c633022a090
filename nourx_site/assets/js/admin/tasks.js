// Tasks in lists change where they stand; the timer counts; names follow an « @ »; sheets of time
// go by the arrows.
import { all, one } from "../dom.js";

const config = () => JSON.parse(document.getElementById("wagtail-config").textContent);

function say(text, type) {
  document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { text, type, clear: true } }));
}

// --- A field of a task, in a list --------------------------------------------------------

function show(row, facts) {
  for (const control of all("[data-inline]", row)) {
    const value = String(facts.values[control.dataset.inline] ?? "");
    control.dataset.seen = facts.seen;
    control.dataset.value = value;
    if (control.value !== value) control.value = value;
    if (control.dataset.inline === "due_date") {
      control.classList.toggle("nx-inline--late", facts.late);
      if (!facts.late) one(".nx-inline__late", control.parentElement)?.remove();
    }
  }
}

document.addEventListener("change", async ({ target }) => {
  if (!target.matches?.("[data-inline]")) return;
  const { inline: field, url, seen, value: before } = target.dataset;
  const body = new FormData();
  for (const [name, value] of Object.entries({ field, seen, value: target.value })) body.set(name, value);
  target.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "X-Requested-With": "XMLHttpRequest", "X-CSRFToken": config().CSRF_TOKEN },
    });
    const facts = await answer.json();
    if (!facts.values) throw new Error(answer.status);
    show(target.closest("tr"), facts);
    say(facts.error ?? facts.said, facts.error ? "error" : "success");
  } catch {
    target.value = before;
    say(target.closest("form, main")?.dataset.away ?? "Rien n’est enregistré : réessayez.", "error");
  } finally {
    target.removeAttribute("aria-busy");
  }
});

// --- The timer ---------------------------------------------------------------------------

function tick(timer) {
  const seconds = Number(timer.dataset.seconds) + Math.floor((performance.now() - timer.since) / 1000);
  const [hours, minutes, rest] = [seconds / 3600, (seconds % 3600) / 60, seconds % 60].map(Math.floor);
  timer.textContent = `${hours}:${String(minutes).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

for (const timer of all("[data-seconds]")) {
  timer.since = performance.now();
  if (timer.dataset.running) setInterval(() => tick(timer), 1000);
  tick(timer);
}

// --- A sheet of time ---------------------------------------------------------------------

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };

document.addEventListener("keydown", (event) => {
  const cell = event.target.closest?.("[data-sheet] input[type=text]");
  const step = cell && STEPS[event.key];
  if (!step) return;
  const column = [...cell.closest("tr").children].indexOf(cell.closest("td"));
  const rows = all("tbody tr", cell.closest("table"));
  const next = rows[rows.indexOf(cell.closest("tr")) + step[0]]?.children[column];
  const field = next && one("input[type=text]:not([readonly])", next);
  if (event.key === "Enter" && !field) return; // the last line: the sheet is sent
  event.preventDefault();
  field?.focus();
  field?.select();
});

// --- Names after an « @ » ------------------------------------------------------------------

const names = document.getElementById("team-names");
const people = names ? JSON.parse(names.textContent) : [];
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
let list = null;

function close() {
  list?.remove();
  list = null;
}

function typedName(field) {
  return /(?:^|\s)@([\p{L}’' -]{0,40})$/u.exec(field.value.slice(0, field.selectionStart))?.[1];
}

function choose(field, name) {
  const at = field.value.lastIndexOf("@", field.selectionStart - 1);
  field.setRangeText(`@${name} `, at, field.selectionStart, "end");
  close();
  field.focus();
}

function offer(field) {
  close();
  const typed = typedName(field);
  if (typed === undefined) return;
  const found = people.filter((name) => fold(name).startsWith(fold(typed)) && name !== typed).slice(0, 6);
  if (!found.length) return;
  list = document.createElement("ul");
  list.className = "nx-names";
  list.setAttribute("role", "listbox");
  for (const [rank, name] of found.entries()) {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(rank === 0));
    item.textContent = name;
    item.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(field, name);
    });
    list.append(item);
  }
  field.after(list);
}

if (people.length) {
  document.addEventListener("input", ({ target }) => {
    if (target.matches?.("textarea")) offer(target);
  });
  document.addEventListener("focusout", close);
  document.addEventListener("keydown", (event) => {
    if (!list) return;
    const items = all("li", list);
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      items[now].setAttribute("aria-selected", "false");
      items[(now + step + items.length) % items.length].setAttribute("aria-selected", "true");
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      choose(list.previousElementSibling, items[now].textContent);
    } else if (event.key === "Escape") {
      close();
    }
  });
}
