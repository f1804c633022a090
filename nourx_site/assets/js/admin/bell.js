// The bell: its panel, and its count kept true while the page is looked at. Its link works without.
import { one } from "../dom.js";

const bell = one("[data-bell]");
const PACE = 60_000; // milliseconds between two looks
const panel = bell && one("[data-bell-panel]", bell);
const link = bell && one("[data-bell-open]", bell);

const get = (url) => fetch(url, { headers: { "X-Requested-With": "XMLHttpRequest" } });

async function count() {
  if (document.visibilityState !== "visible") return;
  try {
    const answer = await get(bell.dataset.bellCountUrl);
    if (!answer.ok || answer.redirected) return; // signed out: the next page says so
    const { unread } = await answer.json();
    const badge = one("[data-bell-count]", bell);
    badge.hidden = !unread;
    badge.textContent = unread >= 100 ? "99+" : unread;
  } catch {
    // the network is away: the next look tells
  }
}

function shut() {
  panel.hidden = true;
  link.setAttribute("aria-expanded", "false");
}

async function show() {
  const answer = await get(bell.dataset.bell).catch(() => null);
  if (!answer?.ok || answer.redirected) return location.assign(link.href);
  panel.innerHTML = await answer.text();
  panel.hidden = false;
  link.setAttribute("aria-expanded", "true");
}

if (bell) {
  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (panel.hidden) show();
    else shut();
  });
  document.addEventListener("click", ({ target }) => {
    if (!panel.hidden && !bell.contains(target)) shut();
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || panel.hidden) return;
    shut();
    link.focus();
  });
  setInterval(count, PACE);
  document.addEventListener("visibilitychange", count);
}
