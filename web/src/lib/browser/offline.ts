/** The service worker (public/sw.js): the page without a network, and its updates. Where there is none, the page is as before. */

/** Start it, once the page stands. `onUpdate` is told of a newer page that waits, with how to change to it. */
export async function startOffline(onUpdate: (change: () => void) => void): Promise<void> {
  const workers = navigator.serviceWorker;
  if (process.env.NODE_ENV !== "production" || workers === undefined) return;
  const known = await workers.register("/sw.js", { updateViaCache: "none" });
  const offer = (worker: ServiceWorker) =>
    onUpdate(() => {
      workers.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker.postMessage({ type: "update" });
    });
  if (known.waiting && workers.controller) offer(known.waiting);
  known.addEventListener("updatefound", () => {
    const worker = known.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && workers.controller) offer(worker);
    });
  });
  const ready = await workers.ready;
  const urls = performance.getEntriesByType("resource").map(({ name }) => name);
  ready.active?.postMessage({ type: "keep", urls: urls.filter((url) => url.startsWith(location.origin)) });
}

/** Forget what was read on this device. */
export async function forgetRead(): Promise<void> {
  if ("caches" in globalThis) await caches.delete("olamchat-read");
}
