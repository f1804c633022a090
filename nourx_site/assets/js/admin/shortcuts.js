// Letters that act, outside fields, unless the person switched them off in their account.
import { all, one } from "../dom.js";
import { openPalette } from "./palette.js";

const top = one("[data-top]");
const AFTER_G = 1200; // milliseconds to type the second letter
let awaited = 0;

const rows = () => all("#listing-results tbody tr");
const here = () => one("#listing-results tr.nx-here");

function go(step) {
  const known = rows();
  if (!known.length) return;
  const rank = known.indexOf(here());
  const next = known[Math.max(0, Math.min(known.length - 1, rank + step))];
  here()?.classList.remove("nx-here");
  next.classList.add("nx-here");
  next.scrollIntoView({ block: "nearest" });
  one("a[href], input", one(".title", next) ?? next)?.focus({ preventScroll: true });
}

const follow = (link) => link && location.assign(link.href);

const ACTS = {
  "/": openPalette,
  "?": () => one("[data-keys]").showModal(),
  n: () => follow(one(".w-slim-header a[href*='/add/'], .nx-board a[href*='/add/']")),
  i: () => follow(one("[data-top] a[href*='/aide/']")),
  j: () => go(1),
  k: () => go(-1),
  o: () => follow(one(".title a[href]", here() ?? undefined) ?? null),
  e: () => follow(here() ? one("a[href*='/edit/']", here()) : one(".w-slim-header a[href*='/edit/']")),
  x: () => one("input[type=checkbox]", here() ?? document.createElement("p"))?.click(),
};

function isTyping({ target }) {
  return target.isContentEditable || target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [role=combobox], [role=textbox]");
}

if (top?.dataset.shortcuts === "on") {
  const places = JSON.parse(one("#nx-places").textContent);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event)) return;
    if (one("dialog[open], .w-dialog:not([aria-hidden=true], [hidden])")) return;
    if (performance.now() < awaited) {
      awaited = 0;
      if (!places[event.key]) return;
      event.preventDefault();
      location.assign(places[event.key]);
    } else if (event.key === "g") {
      awaited = performance.now() + AFTER_G;
    } else if (ACTS[event.key]) {
      event.preventDefault();
      event.stopPropagation();
      ACTS[event.key]();
    }
  }, true);
}
