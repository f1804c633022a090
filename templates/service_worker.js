// Keeps one page for when there is no network. What a person asked to keep (their last receipts,
// put in PERSONAL by the page itself) is read from there then, and forgotten at sign-out.
const CACHE = "nourx-{{ version }}";
const PERSONAL = "nourx-person";
const VERIFY = "nourx-verify"; // the page that verifies receipts, kept by itself
const OURS = [CACHE, PERSONAL, VERIFY];
const KEPT = [{% for url in kept %}"{{ url|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

addEventListener("install", (event) => {
  const fill = async () => (await caches.open(CACHE)).addAll(KEPT);
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

addEventListener("activate", (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (!OURS.includes(name)) await caches.delete(name);
    await self.registration.navigationPreload?.enable(); // the page does not wait for this worker
  };
  event.waitUntil(clean());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    const answer = async () => (await event.preloadResponse) ?? fetch(request);
    const kept = async () => (await caches.match(request)) ?? caches.match("{{ offline_url|escapejs }}");
    event.respondWith(answer().catch(kept));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

// Notices on this device: words and an address, nothing else, shown even when no page is open.
{% load static %}{% static "nourx/icon-192.png" as icon_url %}addEventListener("push", (event) => {
  const { text, url } = event.data?.json() ?? {};
  if (!text) return;
  const page = new URL(url ?? "/", self.location.origin);
  const shown = { body: text, icon: "{{ icon_url|escapejs }}", tag: page.pathname, data: { url: page.href } };
  event.waitUntil(self.registration.showNotification("{{ brand.name|default:'NOURX'|escapejs }}", shown));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data;
  if (new URL(url).origin !== self.location.origin) return;
  const open = async () => {
    const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = pages.find((one) => one.url === url);
    return page ? page.focus() : clients.openWindow(url);
  };
  event.waitUntil(open());
});
