"use strict";
// Keeps the last pocket guide that was read, and its style: public lines alone, and nothing else of this service.
const KEPT = "guide";
const GUIDE = /^\/guide\/ZA-[A-Z]{2,3}$/;
const STYLE = ["/static/guide.css", "/static/guide.js"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const keep = async (path, answer) => {
  const kept = await caches.open(KEPT);
  for (const former of await kept.keys()) {
    if (GUIDE.test(new URL(former.url).pathname)) await kept.delete(former);
  }
  await kept.put(path, answer);
  await kept.addAll(STYLE);
};

const last = async () => {
  const kept = await caches.open(KEPT);
  const guide = (await kept.keys()).find((one) => GUIDE.test(new URL(one.url).pathname));
  return guide ? kept.match(guide) : Response.error();
};

const read = async (event, path) => {
  try {
    const answer = await fetch(event.request);
    if (GUIDE.test(path) && answer.ok && answer.type === "basic") event.waitUntil(keep(path, answer.clone()));
    return answer;
  } catch {
    return last();
  }
};

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate") event.respondWith(read(event, pathname));
  else if (STYLE.includes(pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
});
