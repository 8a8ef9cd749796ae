"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { User } from "@/lib/api";
import { logInWithPasskey, optionsToSignIn } from "@/lib/api/passkeys";
import { canOffer, isCancelled, show } from "@/lib/browser/passkeys";

/** A challenge is good for five minutes: what is offered all the while is renewed before. */
const RENEWED_MS = 4 * 60_000;

export interface UsePasskey {
  readonly busy: boolean;
  readonly error: unknown;
  readonly use: () => void;
}

/**
 * Sign in by a passkey, or take the second step with it where there is a `challenge`. Without one the browser also offers passkeys
 * where the email is typed, if it can.
 */
export function usePasskey(challenge: string | null, onDone: (user: User) => Promise<void>): UsePasskey {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const offer = useRef<AbortController | null>(null);
  const done = useRef(onDone);
  done.current = onDone;

  const enter = useCallback(
    async (signal: AbortSignal, offered: boolean) => {
      const credential = await show(await optionsToSignIn(challenge), signal, offered);
      await done.current(await logInWithPasskey(credential, challenge));
    },
    [challenge],
  );
  const offerIt = useCallback(() => {
    offer.current?.abort();
    const stop = new AbortController();
    offer.current = stop;
    void enter(stop.signal, true).catch((refused: unknown) => {
      if (!stop.signal.aborted && !isCancelled(refused)) setError(refused);
    });
  }, [enter]);
  useEffect(() => {
    if (challenge !== null) return;
    let timer = 0;
    let here = true;
    void canOffer().then((can) => {
      if (!can || !here) return;
      offerIt();
      timer = window.setInterval(offerIt, RENEWED_MS);
    });
    return () => {
      here = false;
      window.clearInterval(timer);
      offer.current?.abort();
    };
  }, [challenge, offerIt]);

  const use = () => {
    offer.current?.abort(); // a browser asks for one passkey at a time
    setBusy(true);
    setError(null);
    void enter(new AbortController().signal, false)
      .catch((refused: unknown) => {
        if (!isCancelled(refused)) setError(refused);
        if (challenge === null) void canOffer().then((can) => can && offerIt());
      })
      .finally(() => setBusy(false));
  };
  return { busy, error, use };
}
