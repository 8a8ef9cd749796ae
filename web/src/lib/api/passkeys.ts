/** Passkeys: one's own, and signing in by one. What a device is asked with and what it answers is passed on as it is. */

import { call, get } from "./call";
import type { components } from "./generated";
import type { User } from "./types";

type Schemas = components["schemas"];

export type Passkey = Schemas["Passkey"];
export type Added = Schemas["AddedPasskey"];
/** The options of a ceremony, as `PublicKeyCredential` reads them. */
export type Options = Schemas["PasskeyOptions"]["options"];

export const PASSKEYS = "/api/auth/passkeys";
export const passkeys = () => get<Schemas["Passkeys"]>(PASSKEYS);
export const optionsToAdd = (password: string) =>
  call<Schemas["PasskeyOptions"]>("POST", `${PASSKEYS}/options`, { body: { password } }).then(({ options }) => options);
export const addPasskey = (credential: unknown, name: string, language: string) =>
  call<Added>("POST", PASSKEYS, { body: { credential, name, language } });
export const renamePasskey = (id: string, name: string) =>
  call<Passkey>("PATCH", `${PASSKEYS}/${id}`, { body: { name } });
export const removePasskey = (id: string, password: string) =>
  call<void>("POST", `${PASSKEYS}/${id}/remove`, { body: { password } });

/** With the challenge of the first step, for the second; else to sign in by a passkey alone. */
export const optionsToSignIn = (challenge: string | null) =>
  call<Schemas["PasskeyOptions"]>("POST", "/api/auth/login/passkey/options", {
    body: challenge ? { challenge } : {},
    retryAs: "never",
  }).then(({ options }) => options);
export const logInWithPasskey = (credential: unknown, challenge: string | null) =>
  call<{ readonly user: User }>("POST", "/api/auth/login/passkey", {
    body: { credential, ...(challenge ? { challenge } : {}) },
    retryAs: "never",
  }).then(({ user }) => user);
