import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { call, onSessionEnd } from "./call";

const CHATS = "/api/conversations";
const RENEWAL = "/api/auth/refresh";

/** A server whose session has one good token; a renewal makes the next. */
function serve(answer: (path: string, token: string | null) => number) {
  const asked: string[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (path: string, init: RequestInit) => {
      asked.push(path);
      const status = answer(path, new Headers(init.headers).get("X-CSRF-Token"));
      return new Response(status === 204 ? null : "{}", { status, headers: { "Content-Type": "application/json" } });
    }),
  );
  return asked;
}

describe("a request", () => {
  beforeEach(() => {
    vi.stubGlobal("document", { cookie: "olamchat_csrf=old" });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const renewed = () => vi.stubGlobal("document", { cookie: "olamchat_csrf=new" });

  test("renews the session that has run out, and is sent again", async () => {
    const asked = serve((path, token) => {
      if (path === RENEWAL) renewed();
      return path === RENEWAL || token === "new" ? 200 : 401;
    });
    await call("POST", CHATS);
    expect(asked).toEqual([CHATS, RENEWAL, CHATS]);
  });

  test("that crossed another one's renewal is sent again with the new token", async () => {
    const asked = serve((_, token) => {
      renewed();
      return token === "new" ? 200 : 403;
    });
    await call("POST", CHATS);
    expect(asked).toEqual([CHATS, CHATS]);
  });

  test("that isn't allowed is sent once", async () => {
    const asked = serve(() => 403);
    await expect(call("POST", CHATS)).rejects.toMatchObject({ status: 403 });
    expect(asked).toEqual([CHATS]);
  });

  test("tells of a session that can't be renewed", async () => {
    serve(() => 401);
    const ended = vi.fn();
    const stop = onSessionEnd(ended);
    await expect(call("POST", CHATS)).rejects.toMatchObject({ status: 401 });
    expect(ended).toHaveBeenCalledOnce();
    stop();
  });
});
