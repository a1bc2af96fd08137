// Keeps the offline page, the page of whom to ring, and their style.  Nothing a person wrote is
// ever put here, and every other request goes to the network untouched.
const KEPT = "cascade-offline";
const kept = new URL(self.location.href).searchParams.getAll("keep");

self.addEventListener("install", (e) => {
  e.waitUntil(caches.open(KEPT).then((c) => c.addAll(kept)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (e) => {
  const path = new URL(e.request.url).pathname;
  const wanted = kept.find((k) => k.split("?")[0] === path);
  if (e.request.mode !== "navigate" && !wanted) return;
  e.respondWith(fetch(e.request).catch(async () => {
    const cache = await caches.open(KEPT);
    return (wanted && (await cache.match(wanted))) || (await cache.match(kept[0])) || Response.error();
  }));
});
