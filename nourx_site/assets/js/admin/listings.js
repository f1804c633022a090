// Listings: a filter is kept as it stands now, and columns move up and down.
import { all, one } from "../dom.js";

// The listing refreshes without a new page: what is kept is what its address says at that moment.
document.addEventListener("submit", ({ target }) => {
  const kept = target.closest?.("[data-save-filter]") && one("[name=filtre]", target);
  if (kept) kept.value = location.search.slice(1);
});

document.addEventListener("w-swap:success", () => {
  const shown = new URLSearchParams(location.search).get("vue");
  for (const link of all("[data-chips] nav a")) {
    const own = new URLSearchParams(new URL(link.href).search).get("vue");
    if (shown && own === shown) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
});

function mark(list) {
  const items = all("li", list);
  items.forEach((item, rank) => {
    one("[data-order-up]", item).disabled = rank === 0;
    const down = one("[data-order-down]", item);
    down.hidden = false;
    down.disabled = rank === items.length - 1;
  });
}

for (const list of all("[data-order]")) mark(list);
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-order-up], [data-order-down]");
  if (!button) return;
  event.preventDefault();
  const item = button.closest("li");
  if (button.matches("[data-order-up]")) item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  mark(item.parentElement);
  (button.disabled ? one("input[type=checkbox]", item) : button).focus();
});
