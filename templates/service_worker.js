// Keeps one page for when there is no network. Nothing of a client's is ever kept.
const CACHE = "nourx-{{ version }}";
const KEPT = [{% for url in kept %}"{{ url|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

addEventListener("install", (event) => {
  const fill = async () => (await caches.open(CACHE)).addAll(KEPT);
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.registration.navigationPreload?.enable(); // the page does not wait for this worker
  };
  event.waitUntil(clean());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    const answer = async () => (await event.preloadResponse) ?? fetch(request);
    event.respondWith(answer().catch(() => caches.match("{{ offline_url|escapejs }}")));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
