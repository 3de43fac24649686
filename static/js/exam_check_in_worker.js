/*
 * Service worker of the check-in pages (exams/checkin): keeps the page itself, its styles and scripts for a device without a
 * network. It keeps no names and no photos; those are in the device's database (exam_check_in.js) and deleted after the day.
 */
"use strict";

const PAGES = "exam-check-in-1";
const SLOW = 4000;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

function fromNetwork(request) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("slow")), SLOW);
    fetch(request).then((answer) => { clearTimeout(timer); resolve(answer); }, reject);
  });
}

/* The page: the newest if the network answers in time. A closed link (404, 410) is forgotten, so that it stays closed. */
async function page(request) {
  const kept = await caches.open(PAGES);
  try {
    const answer = await fromNetwork(request);
    if (answer.ok) {
      await kept.put(request.url, answer.clone());
    } else if (answer.status === 404 || answer.status === 410) {
      await kept.delete(request.url);
    }
    return answer;
  } catch (error) {
    const found = await kept.match(request.url, { ignoreVary: true });
    if (found) { return found; }
    return fetch(request);
  }
}

/* Styles, scripts and pictures of the portal. */
async function part(request) {
  const kept = await caches.open(PAGES);
  try {
    const answer = await fromNetwork(request);
    if (answer.ok) { await kept.put(request.url, answer.clone()); }
    return answer;
  } catch (error) {
    const found = await kept.match(request.url, { ignoreVary: true });
    if (found) { return found; }
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin || address.pathname.includes("/photos/")) { return; }
  if (request.mode === "navigate") {
    event.respondWith(page(request));
  } else if (["style", "script", "image", "font"].includes(request.destination)) {
    event.respondWith(part(request));
  }
});

/* The page asks for itself and its parts to be kept on the first visit, which the worker has not seen. */
self.addEventListener("message", (event) => {
  const wanted = event.data && event.data.keep;
  if (!wanted) { return; }
  event.waitUntil((async () => {
    const kept = await caches.open(PAGES);
    await Promise.all(wanted.map((url) => kept.add(url).catch(() => undefined)));
    if (event.ports[0]) { event.ports[0].postMessage("kept"); }
  })());
});
