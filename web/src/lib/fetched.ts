/** Components that are fetched when they are wanted. */

import { type ComponentType, type LazyExoticComponent, lazy } from "react";

const RENEWED = "olamchat.renewed";
/** A page that was renewed a moment ago and still lacks the file would only go round in circles. */
const ONCE_MS = 30_000;

/** A component of its own file. A newer page on the server has other files: where one is gone, the page is loaded anew, once. */
export function fetched<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(() => load().then((component) => ({ default: component }), renew));
}

function renew(error: unknown): Promise<never> {
  const last = Number(sessionStorage.getItem(RENEWED) ?? 0);
  if (!navigator.onLine || Date.now() - last < ONCE_MS) throw error;
  sessionStorage.setItem(RENEWED, String(Date.now()));
  location.reload();
  return new Promise(() => undefined);
}
