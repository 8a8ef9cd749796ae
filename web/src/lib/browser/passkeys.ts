/** The browser's side of passkeys (WebAuthn, level 3): what it makes and shows, as JSON. */

/** Whether this browser has passkeys for a domain, at the address that the page was opened at. */
export const hasPasskeys = (host: string | null | undefined): boolean =>
  host != null &&
  (location.hostname === host || location.hostname.endsWith(`.${host}`)) &&
  typeof PublicKeyCredential !== "undefined" &&
  "parseRequestOptionsFromJSON" in PublicKeyCredential;

/** Whether the browser can offer passkeys where the email is typed. */
export const canOffer = async (): Promise<boolean> =>
  (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true;

/** Have a device make a passkey. Rejects as `navigator.credentials` does. */
export async function make(options: unknown): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return asJson(await navigator.credentials.create({ publicKey }));
}

/** Have a device show that it has a passkey; `offered` where the email is typed, until it is stopped. */
export async function show(options: unknown, signal: AbortSignal, offered = false): Promise<unknown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return asJson(
    await navigator.credentials.get({ publicKey, signal, ...(offered ? { mediation: "conditional" as const } : {}) }),
  );
}

/** The person has closed the browser's dialog, or it was stopped: nothing to complain of. */
export const isCancelled = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");

/** The device has a passkey for this account already. */
export const isThere = (error: unknown): boolean => error instanceof DOMException && error.name === "InvalidStateError";

const asJson = (credential: Credential | null): unknown => {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException("no passkey", "NotAllowedError");
  return credential.toJSON();
};
