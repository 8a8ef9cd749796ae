/**
 * Components that are fetched when they are wanted. Not by React's lazy(): what was suspended it shows no sooner than 300 ms after
 * what stood in its place, however soon the file was there.
 */

import { type ComponentType, createElement, type FunctionComponent, useEffect, useState } from "react";

const RENEWED = "olamchat.renewed";
/** A page that was renewed a moment ago and still lacks the file would only go round in circles. */
const ONCE_MS = 30_000;

export interface Fetched<P> extends FunctionComponent<P> {
  /** Fetch it before it is wanted. */
  readonly prepare: () => void;
}

const nothing = () => null;

/**
 * A component of its own file; `waiting` is shown until it is there. A newer page on the server has other files: where one is gone,
 * the page is loaded anew, once.
 */
export function fetched<P extends object>(
  load: () => Promise<ComponentType<P>>,
  waiting: FunctionComponent<P> = nothing,
): Fetched<P> {
  let known: ComponentType<P> | null = null;
  const fetchIt = async () => {
    known = await load();
    return known;
  };
  function Shown(props: P) {
    const [found, setFound] = useState(() => known);
    const [fault, setFault] = useState<readonly [unknown] | null>(null);
    useEffect(() => {
      if (found !== null) return;
      let here = true;
      fetchIt()
        .catch(renew)
        .then(
          (component) => here && setFound(() => component),
          (error: unknown) => here && setFault([error]),
        );
      return () => {
        here = false;
      };
    }, [found]);
    if (fault !== null) throw fault[0];
    return createElement(found ?? waiting, props);
  }
  return Object.assign(Shown, { prepare: () => void fetchIt().catch(() => undefined) });
}

function renew(error: unknown): Promise<never> {
  const last = Number(sessionStorage.getItem(RENEWED) ?? 0);
  if (!navigator.onLine || Date.now() - last < ONCE_MS) throw error;
  sessionStorage.setItem(RENEWED, String(Date.now()));
  location.reload();
  return new Promise(() => undefined);
}
