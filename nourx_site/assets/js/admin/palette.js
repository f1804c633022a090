// The search of the whole back-office, over any screen. Without script its link opens a page.
import { all, one } from "../dom.js";

const palette = one("[data-palette]");
const WAIT = 120; // milliseconds after the last letter
const MOST_RECENT = 6;
const input = palette && one("[role=combobox]", palette);
const list = palette && one("[role=listbox]", palette);
const store = `nx-recent:${one("[data-top]")?.dataset.user ?? ""}`;
let asking = null;
let timer = 0;

const options = () => all("[role=option]", list);
const chosen = () => one("[aria-selected=true]", list);

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
}

function recents() {
  try {
    return JSON.parse(localStorage.getItem(store)) ?? [];
  } catch {
    return [];
  }
}

// Pages of somebody else on the same machine are forgotten; so is a page once it is opened again.
function remember() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("nx-recent:") && key !== store) localStorage.removeItem(key);
    }
    const url = location.pathname;
    const isPlace = /^\/admin\/./.test(url) && !/\/(recherche|avis|exports|annuler|liste)\//.test(url);
    if (!isPlace || !one(".w-slim-header, .content h1")) return;
    const title = document.title.replace(/ - [^-]*$/, "").trim();
    const others = recents().filter((page) => page.url !== url);
    localStorage.setItem(store, JSON.stringify([{ title, url }, ...others].slice(0, MOST_RECENT + 1)));
  } catch {
    // a browser that keeps nothing: no recent pages
  }
}

function showRecents() {
  const pages = recents().filter((page) => page.url !== location.pathname).slice(0, MOST_RECENT);
  if (!pages.length) return;
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", palette.dataset.recent);
  const head = document.createElement("p");
  head.className = "nx-palette__kind";
  head.ariaHidden = "true";
  head.textContent = palette.dataset.recent;
  group.append(head);
  pages.forEach(({ title, url }, rank) => {
    const link = document.createElement("a");
    Object.assign(link, { id: `nx-recent-${rank}`, href: url, tabIndex: -1 });
    link.setAttribute("role", "option");
    link.setAttribute("aria-selected", "false");
    link.append(Object.assign(document.createElement("span"), { textContent: title }));
    group.append(link);
  });
  list.prepend(group);
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const text = input.value.trim();
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${palette.dataset.palette}?q=${encodeURIComponent(text)}`, {
      signal,
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (!answer.ok) throw new Error(answer.status);
    list.innerHTML = await answer.text();
    if (!text) showRecents();
    choose(text ? options()[0] : null);
    one("[data-palette-said]", palette).textContent = one("[data-palette-total]", list)?.textContent ?? "";
  } catch {
    if (signal.aborted) return;
    list.textContent = "";
    list.append(Object.assign(document.createElement("p"), {
      className: "nx-palette__none",
      textContent: palette.dataset.failed,
    }));
  }
  list.removeAttribute("aria-busy");
}

export function openPalette() {
  if (!palette || palette.open) return;
  palette.showModal();
  input.value = "";
  input.focus();
  ask();
}

function move(step) {
  const known = options();
  if (!known.length) return;
  const rank = known.indexOf(chosen());
  choose(known[(rank + step + known.length + (rank < 0 && step < 0 ? 1 : 0)) % known.length]);
}

if (palette) {
  remember();
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-palette-open]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      openPalette();
    }
  });
  one("[data-palette-close]", palette).addEventListener("click", () => palette.close());
  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close(); // its backdrop
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  palette.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && chosen() && event.target === input) {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) open(chosen().href);
      else location.assign(chosen().href);
    }
  });
  document.addEventListener("keydown", (event) => {
    const isAsked = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    if (!isAsked || event.target.isContentEditable) return; // a text editor keeps its own Ctrl K
    event.preventDefault();
    if (palette.open) palette.close();
    else openPalette();
  }, true);
}
