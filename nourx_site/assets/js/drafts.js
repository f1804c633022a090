// Keeps what is being written (textarea[data-draft]) on the device, until it was sent.
// Text only, never payment data; forgotten at sign-out.
import { all } from "./dom.js";

const PREFIX = "nx:draft:";
const SENT = "nx:sent";

const keyOf = (area) => `${PREFIX}${location.pathname}:${area.dataset.draft}`;

function store(use) {
  try {
    return use(localStorage, sessionStorage);
  } catch {
    return null; // storage is refused in some private windows: no draft, no harm
  }
}

function restore() {
  for (const area of all("textarea[data-draft]")) {
    const text = store((local) => local.getItem(keyOf(area)));
    if (text && !area.value) area.value = text;
  }
}

// A plain form that was accepted leads here by a redirect; one that was refused, or that met a
// failure, does not, and its drafts are kept.
function settleSent() {
  const [visit] = performance.getEntriesByType("navigation");
  const keys = JSON.parse(store((_, session) => session.getItem(SENT)) ?? "[]");
  store((local, session) => {
    if (visit?.redirectCount > 0) for (const key of keys) local.removeItem(key);
    session.removeItem(SENT);
  });
}

function forget(root) {
  for (const area of all("textarea[data-draft]", root)) {
    store((local) => local.removeItem(keyOf(area)));
  }
}

addEventListener("input", ({ target }) => {
  if (!target.dataset?.draft) return;
  store((local) =>
    target.value ? local.setItem(keyOf(target), target.value) : local.removeItem(keyOf(target)),
  );
});

addEventListener("submit", ({ target }) => {
  if (target.matches("[data-sign-out]")) {
    store((local) => {
      for (const key of Object.keys(local)) if (key.startsWith(PREFIX)) local.removeItem(key);
    });
    return;
  }
  const keys = all("textarea[data-draft]", target).map(keyOf);
  if (keys.length) store((_, session) => session.setItem(SENT, JSON.stringify(keys)));
});

addEventListener("htmx:after:request", ({ detail }) => {
  const { response, sourceElement } = detail.ctx ?? {};
  if (response?.status < 300 && sourceElement) forget(sourceElement);
});

addEventListener("nx:sent", ({ target }) => forget(target));

settleSent();
restore();
