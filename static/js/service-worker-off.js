// Stands in for service-worker.js where PETITIONS_OFFLINE=0: every device forgets what it keeps, and the worker goes.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(leave());
});

async function leave() {
  for (const name of await caches.keys()) await caches.delete(name);
  await self.registration.unregister();
}
