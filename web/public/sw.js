/**
 * The page without a network: its shell, and what was read before.
 *
 * The shell has a version, which scripts/finish.mjs puts in; its files have their content in their names. What a person has read is kept
 * beside it until somebody signs in or out. Event streams, searches, exports and everything that changes something pass by untouched.
 */
const VERSION = "__VERSION__";
const SHELL = `olamchat-shell-${VERSION}`;
const READ = "olamchat-read";
const START = ["/", "/manifest.webmanifest", "/icon.svg"];
const MOST_READ = 400;

addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(START))));

addEventListener("activate", (event) => event.waitUntil(forgetOldShells().then(() => clients.claim())));

addEventListener("message", (event) => {
  if (event.data?.type === "update") skipWaiting();
  if (event.data?.type === "keep") event.waitUntil(keepFiles(event.data.urls));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (endsPerson(request.method, url.pathname)) event.waitUntil(caches.delete(READ));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (!/^\/(api|v1|health|metrics)(\/|$)/.test(url.pathname)) event.respondWith(page(request));
  } else if (isShell(url)) event.respondWith(file(request));
  else if (isRead(request, url)) event.respondWith(read(event));
});

/** Another person may come: what the one before has read goes. */
const endsPerson = (method, path) =>
  (method === "POST" && /^\/api\/auth\/(login|signup|logout)$/.test(path)) ||
  (method === "DELETE" && /^\/api\/auth\//.test(path));

const isShell = ({ pathname }) => pathname.startsWith("/_next/static/") || START.slice(1).includes(pathname);

/** Who is signed in, the list, a conversation, its messages, the models. */
const READABLE = /^\/api\/(auth\/me|models|conversations(\/[^/]+(\/messages)?)?)$/;
const isRead = (request, url) =>
  READABLE.test(url.pathname) &&
  !url.searchParams.has("q") &&
  !request.headers.has("Authorization") &&
  request.headers.get("Accept") !== "text/event-stream";

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    return (await caches.match("/", { cacheName: SHELL })) ?? Promise.reject(error);
  }
}

async function file(request) {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await shell.put(request, response.clone());
  return response;
}

/** What the server says, else what it said last. A session that has ended takes with it what was read. */
async function read(event) {
  const { request } = event;
  const epoch = await caches.open(READ);
  let response;
  try {
    response = await fetch(request);
  } catch (error) {
    return (await epoch.match(request)) ?? Promise.reject(error);
  }
  if (response.ok) event.waitUntil(keep(epoch, request, response.clone()));
  else if (response.status === 404 || response.status === 410) event.waitUntil(epoch.delete(request));
  return response;
}

async function keep(cache, request, response) {
  // `cache` was opened before the answer came: where a sign-out deleted it meanwhile, this writes into what is already gone.
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - MOST_READ))) await cache.delete(old);
}

/** The page tells which of its files it loaded before this worker was there. */
async function keepFiles(urls) {
  const shell = await caches.open(SHELL);
  for (const url of urls) {
    if (isShell(new URL(url)) && !(await shell.match(url))) await shell.add(url).catch(() => undefined);
  }
}

async function forgetOldShells() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("olamchat-shell-") && name !== SHELL).map((name) => caches.delete(name)));
}
