/** One typed fetch: cookies, the CSRF header, a silent renewal of the session, problems as errors. */

import { forgetAsked, takeAsked } from "./asked";
import { OfflineError, ProblemError, problemOf } from "./problem";

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export interface CallOptions {
  readonly body?: unknown;
  readonly key?: string;
  readonly signal?: AbortSignal;
  readonly retryAs?: "never";
}

type Listener = () => void;
const gone = new Set<Listener>();

/** Be told when the session ended and can't be renewed. Returns how to stop listening. */
export function onSessionEnd(listener: Listener): () => void {
  gone.add(listener);
  return () => gone.delete(listener);
}

/** Call the API and return its JSON (undefined for 204). Throws ProblemError or OfflineError. */
export async function call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
  const response = await withRenewal(method, path, options);
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export const get = <T>(path: string): Promise<T> => call<T>("GET", path);

/** Post and return the response as it is, for streams. Throws ProblemError or OfflineError. */
export async function post(path: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const response = await withRenewal("POST", path, { body, signal });
  if (!response.ok) throw await problemOf(response);
  return response;
}

/** Call the API and return the response as it is, for files. */
export async function download(path: string): Promise<Blob> {
  const response = await withRenewal("GET", path, {});
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}

let renewing: Promise<boolean> | null = null;

/** Renew the session once for all who wait; false when it can't be. Throws OfflineError. */
export function renew(): Promise<boolean> {
  renewing ??= send("POST", "/api/auth/refresh", {})
    .then((response) => {
      if (response.status >= 500 || response.status === 429) throw new OfflineError("the session could not be renewed");
      return response.ok;
    })
    .finally(() => {
      renewing = null;
    });
  return renewing;
}

const withRenewal = (method: Method, path: string, options: CallOptions): Promise<Response> =>
  options.retryAs === "never" ? send(method, path, options) : withSession(path, () => send(method, path, options));

/**
 * Send, and once more when the session had to be renewed: for this request, or for another one while this was on its way, whose
 * header then still carried the old token beside the new cookies.
 */
export async function withSession(path: string, attempt: () => Promise<Response>): Promise<Response> {
  const token = csrf(path);
  const response = await attempt();
  if (response.status === 403 && csrf(path) !== token) return attempt();
  if (response.status !== 401) return response;
  if (await renew()) return attempt();
  endSession();
  return response;
}

/** Tell everybody that the session has ended. */
export function endSession(): void {
  for (const listener of gone) listener();
}

async function send(method: Method, path: string, { body, key, signal }: CallOptions): Promise<Response> {
  if (method !== "GET") forgetAsked();
  else {
    const answer = await takeAsked(path)?.catch(() => null);
    if (answer) return answer;
  }
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  if (method !== "GET") headers["X-CSRF-Token"] = csrf(path);
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal !== undefined) init.signal = signal;
  try {
    return await fetch(path, init);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new OfflineError(String(error));
  }
}

/** Tell whether there may be a session: its cookies that scripts can read are there. */
export const mayBeSignedIn = (): boolean => /(^|; )(__Host-)?olamchat_(refresh_)?csrf=/.test(document.cookie);

/** The double-submit token that belongs to the call: the renewal has its own. */
export function csrf(path: string): string {
  const name = path === "/api/auth/refresh" ? "olamchat_refresh_csrf" : "olamchat_csrf";
  return cookie(`__Host-${name}`) ?? cookie(name) ?? "";
}

function cookie(name: string): string | null {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
}

export { OfflineError, ProblemError };
