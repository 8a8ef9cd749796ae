/** What an authorization server sends a person back with. */

export type Back =
  | { readonly code: string; readonly state: string; readonly issuer: string | null }
  | { readonly refused: string };

/** Read the address that the person came back to; null where they did not come from an authorization server. */
export function backOf(search: string): Back | null {
  const given = new URLSearchParams(search);
  const [code, state, refused] = [given.get("code"), given.get("state"), given.get("error")];
  if (refused !== null) return { refused };
  return code === null || state === null ? null : { code, state, issuer: given.get("iss") };
}
