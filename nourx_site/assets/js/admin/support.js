// The page of a request: a draft kept as one writes, who else writes, ready replies and articles found
// as one types. In the queue, j and k go from row to row, x chooses one, Enter opens it.
import { all, one } from "../dom.js";

const PAUSE = 1200; // milliseconds without a key before a draft leaves
const LOOK = 20000; // between two looks at who else writes

const token = () => one("[name=csrfmiddlewaretoken]")?.value ?? "";

function insert(field, text) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const before = value.slice(0, start);
  const gap = before && !before.endsWith("\n") ? "\n\n" : "";
  field.setRangeText(gap + text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

function watchReply(page) {
  const form = one("[data-reply]", page);
  if (!form) return;
  const field = one("textarea", form);
  const note = one("[name=is_internal]", form);
  const seen = one("[name=seen]", form);
  let timer = 0;
  let sent = false;

  async function keep() {
    if (sent) return;
    const body = new FormData();
    body.set("body", field.value);
    if (note.checked) body.set("is_internal", "on");
    try {
      const answer = await fetch(page.dataset.draft, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" },
      });
      if (!answer.ok) throw new Error(answer.status);
      const { writing, newest } = await answer.json();
      const others = one("[data-others]", form);
      const isNewer = newest > Number(seen.value || 0);
      others.hidden = !writing.length && !isNewer;
      others.textContent = [
        writing.length ? `${writing.join(", ")} : réponse en cours.` : "",
        isNewer ? "Un message est arrivé depuis : rechargez la page, votre brouillon est gardé." : "",
      ].join(" ");
      if (field.value.trim()) one("[data-kept]", form).textContent = "Brouillon gardé.";
    } catch {
      one("[data-kept]", form).textContent = "Brouillon non gardé : le réseau ne répond pas.";
    }
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  const mark = () => form.toggleAttribute("data-note", note.checked);
  field.addEventListener("input", soon);
  note.addEventListener("change", () => {
    mark();
    soon();
  });
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  setInterval(() => document.hidden || (field.value.trim() && keep()), LOOK);
  mark();
  for (const box of all("[data-find]", form)) watchSearch(box, field);
}

function watchSearch(box, field) {
  const input = one("input", box);
  const found = one("[data-found]", box);
  let timer = 0;
  const look = async () => {
    try {
      const answer = await fetch(`${box.dataset.find}?q=${encodeURIComponent(input.value)}`, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (answer.ok) found.innerHTML = await answer.text();
    } catch {
      found.textContent = "";
    }
  };
  box.addEventListener("toggle", () => {
    if (!box.open) return;
    input.focus();
    look();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 250);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    one("[data-insert]", found)?.click();
  });
  found.addEventListener("click", (event) => {
    const link = event.target.closest("[data-insert]");
    if (!link) return;
    event.preventDefault();
    insert(field, link.dataset.insert);
    box.open = false;
  });
}

function watchQueue() {
  const isTyping = (element) => element.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const rows = all("#listing-results tbody tr");
    if (!rows.length || !"jkx".includes(event.key)) return;
    const here = rows.findIndex((row) => row.hasAttribute("data-here"));
    if (event.key === "x") {
      one("input[type=checkbox]", rows[here] ?? rows[0])?.click();
      return;
    }
    const step = event.key === "j" ? 1 : -1;
    const next = rows[Math.min(Math.max(here + step, 0), rows.length - 1)];
    rows[here]?.removeAttribute("data-here");
    next.setAttribute("data-here", "");
    one("td.title a, td a", next)?.focus();
    next.scrollIntoView({ block: "nearest" });
  });
}

const page = one("[data-ticket]");
if (page) watchReply(page);
if (one("[data-queue]")) watchQueue();
