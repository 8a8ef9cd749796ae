/** Two-step sign-in: its second step, and turning it on and off. */

import { call, get } from "./call";
import type { components } from "./generated";
import type { User } from "./types";

type Schemas = components["schemas"];

export type SecondFactor = Schemas["SecondFactor"];
export type SetUp = Schemas["SecondFactorSetUp"];

/** Take the second step, with the challenge that the first was refused with. */
export const logInWithCode = (challenge: string, code: string) =>
  call<{ readonly user: User }>("POST", "/api/auth/login/code", { body: { challenge, code }, retryAs: "never" }).then(
    ({ user }) => user,
  );

export const SECOND_FACTOR = "/api/auth/second-factor";
export const secondFactor = () => get<SecondFactor>(SECOND_FACTOR);
export const setUp = (password: string) => call<SetUp>("POST", SECOND_FACTOR, { body: { password } });
export const confirm = (code: string) => codes("confirm", { code });
export const renewCodes = (password: string) => codes("codes", { password });
export const switchOff = (password: string) => call<void>("POST", `${SECOND_FACTOR}/off`, { body: { password } });

const codes = (step: string, body: object) =>
  call<Schemas["RecoveryCodes"]>("POST", `${SECOND_FACTOR}/${step}`, { body }).then((made) => made.codes);
