/** Files to attach: sent with their progress, and where they are read. */

import { call, csrf, get, withSession } from "./call";
import type { components } from "./generated";
import { OfflineError, problemOf } from "./problem";

type Schemas = components["schemas"];

export type Attachment = Schemas["Attachment"];
export type KeptFile = Schemas["File"];
export type FileLimits = Schemas["FileLimits"];

export const FILES = "/api/files";
export const fileLimits = () => get<FileLimits>(FILES);
export const fileAt = (id: string) => `${FILES}/${encodeURIComponent(id)}`;
export const deleteFile = (id: string) => call<void>("DELETE", fileAt(id));

export type ResourceServer = Schemas["ResourceServer"];
export const RESOURCES = "/api/tools/resources";
export const resources = () => get<Schemas["ServerResources"]>(RESOURCES).then(({ items }) => items);
/** Keep what a tool server has at an address as a file. */
export const attachResource = (server: string, uri: string) =>
  call<KeptFile>("POST", `${FILES}/resources`, { body: { server, uri } });

export interface Sending {
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Send a file; the share that is sent is told meanwhile. Throws ProblemError, OfflineError, AbortError. */
export const upload = (file: File, sending: Sending): Promise<KeptFile> =>
  postFile<KeptFile>(`${FILES}?name=${encodeURIComponent(file.name.slice(-900))}`, file, sending);

/** Send a file to an address, and return what is answered. Throws ProblemError, OfflineError, AbortError. */
export async function postFile<T>(path: string, file: File, sending: Sending): Promise<T> {
  const response = await withSession(path, () => post(path, file, sending));
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** fetch tells no progress of what it sends, XMLHttpRequest does. */
function post(path: string, file: File, { onProgress, signal }: Sending): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRF-Token", csrf(path));
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => resolve(asResponse(request));
    request.onerror = () => reject(new OfflineError("the file could not be sent"));
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

function asResponse(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["Content-Type", "Retry-After"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(request.responseText, { status: request.status, statusText: request.statusText, headers });
}
