// Keeps on the device a page that is worth reading without a network (data-keep="address"), for
// the person signed in. Somebody else's, and what is left at sign-out, is forgotten.
import { all } from "./dom.js";

const PERSONAL = "nourx-person";
const OWNER = "nx:kept-for";
const FRESH = 600_000; // ms during which a kept page is not fetched again

const person = document.body.dataset.person;

async function keep(address) {
  const cache = await caches.open(PERSONAL);
  const former = await cache.match(address);
  if (former && Date.now() - new Date(former.headers.get("Date")) < FRESH) return;
  const response = await fetch(address);
  if (response.ok && !response.redirected) await cache.put(address, response);
}

async function start() {
  if (person && localStorage.getItem(OWNER) !== person) {
    await caches.delete(PERSONAL);
    localStorage.setItem(OWNER, person);
  }
  for (const { dataset } of all("[data-keep]")) await keep(dataset.keep);
  for (const link of all("[data-if-kept]")) link.hidden = !(await caches.match(link.href));
}

addEventListener("submit", ({ target }) => {
  if (target.matches("[data-sign-out]")) globalThis.caches?.delete(PERSONAL).catch(() => {});
});

// A comfort: where storage is refused, nothing is kept.
if (globalThis.caches) addEventListener("load", () => start().catch(() => {}));
