/** Refusals and losses as the page knows them: every failed call ends as one of these. */

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** The server answered with a problem document (RFC 9457), or with something unreadable. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly extra: Readonly<Record<string, unknown>> = {},
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }

  /** The fields that were refused, for a form. */
  get fields(): readonly FieldError[] {
    return Array.isArray(this.extra.errors) ? (this.extra.errors as FieldError[]) : [];
  }
}

/** The server could not be reached at all. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

/** Read the problem out of a response that is not ok. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const retry = Number(response.headers.get("Retry-After")) || null;
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== "object" || body === null) {
    return new ProblemError("unreadable", response.status, response.statusText, {}, retry);
  }
  const { code, title, detail, ...extra } = body as Record<string, unknown>;
  return new ProblemError(
    String(code ?? "problem"),
    response.status,
    String(detail ?? title ?? response.statusText),
    extra,
    retry,
  );
}

/** Tell whether trying the same again soon may help. */
export function passing(error: unknown): boolean {
  if (error instanceof OfflineError) return true;
  if (!(error instanceof ProblemError) || error.code === "quota_exceeded") return false;
  return error.status >= 500 || error.status === 429;
}

export const hasCode = (error: unknown, code: string): error is ProblemError =>
  error instanceof ProblemError && error.code === code;
