// Dialogs and menus: <dialog> and <details> of the platform, with the closing people expect.
import { all, one } from "./dom.js";

// A fragment swapped into #modal opens it.
document.addEventListener("htmx:after:swap", () => {
  const modal = one("#modal");
  if (modal && !modal.open && modal.firstElementChild) modal.showModal();
});
one("#modal")?.addEventListener("close", ({ target }) => target.replaceChildren());

document.addEventListener("click", (event) => {
  const { target } = event;
  const opener = target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault(); // the link is the way without JavaScript
    dialog.showModal();
    return;
  }
  if (target.closest("[data-close]") || target.matches("dialog")) {
    if (target.closest("a[data-close]")) event.preventDefault();
    target.closest("dialog")?.close();
  }
});

function closeMenus(except) {
  for (const menu of all("details[data-menu][open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", ({ target }) =>
  closeMenus(target.closest("details[data-menu]")),
);
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  const menu = target.closest("details[data-menu][open]");
  closeMenus();
  one("summary", menu ?? document.createElement("i"))?.focus();
});
