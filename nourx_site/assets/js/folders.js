// Folders stay as the person left them: when the page is read again, and when they come back to it.
import { all } from "./dom.js";

const KEY = "nx:folders";

function left() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // a browser that keeps nothing
  }
}

function keep(folder, isOpen) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...left(), [folder.id]: isOpen }));
  } catch {
    // the folder opens all the same
  }
}

function restore() {
  const kept = left();
  for (const folder of all("details.folder[id]"))
    if (folder.id in kept) folder.open = kept[folder.id];
}

document.addEventListener("click", ({ target }) => {
  const folder = target.closest("details.folder > summary")?.parentElement;
  if (folder) keep(folder, !folder.open);
});
document.addEventListener("htmx:after:swap", restore);
restore();
