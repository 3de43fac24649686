/*
 * Service worker of the phone pages (certificates/documents/in_hand). It answers without a network with what the holder has
 * chosen to keep (phone.js): a certificate as it was last read, and the list of those. It keeps nothing by itself.
 */
"use strict";

const KEPT = "certificates-1";
const LIST = "/m/offline/";
const SLOW = 4000;
const ONE = /^\/m\/certificates\/(\d+)\/(kept\/)?$/;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* Asks without making a cache where there is none: it may just have been deleted. */
const kept = (address) => caches.match(address, { cacheName: KEPT, ignoreVary: true, ignoreSearch: true });

function inTime(request) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("slow")), SLOW);
    fetch(request).then((answer) => { clearTimeout(timer); resolve(answer); }, reject);
  });
}

/* The kept one is as true with a network as without: it says from when it is. */
async function certificate(request, number, isKept) {
  const own = await kept(`/m/certificates/${number}/kept/`);
  if (isKept && own) { return own; }
  try {
    return await (own ? inTime(request) : fetch(request));
  } catch (error) {
    const found = own || await kept(LIST);
    if (found) { return found; }
    throw error;
  }
}

async function otherwise(request, address) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await kept(address);
    if (found) { return found; }
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) { return; }
  if (request.mode === "navigate") {
    const one = ONE.exec(address.pathname);
    event.respondWith(one ? certificate(request, one[1], Boolean(one[2])) : otherwise(request, LIST));
  } else if (["style", "script", "image"].includes(request.destination)) {
    event.respondWith(otherwise(request, request.url));
  }
});
