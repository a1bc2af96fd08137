// Keeps the offline page, the two pages of whom to ring, and their style, as they are for somebody
// who is not signed in.  Nothing of a person is ever put here, and every other request goes to the
// network untouched.
const KEPT = "cascade-offline";
const kept = new URL(self.location.href).searchParams.getAll("keep");

// Other numbers to ring make another address of this script, and so a new set.
async function renew() {
  const pages = kept.map((k) => new Request(k, { credentials: "omit", cache: "reload" }));
  await caches.delete(KEPT);
  await (await caches.open(KEPT)).addAll(pages);
}

self.addEventListener("install", (e) => {
  e.waitUntil(renew().then(() => self.skipWaiting()));
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
