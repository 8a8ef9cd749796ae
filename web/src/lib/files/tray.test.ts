import { describe, expect, test } from "vitest";
import { isComing, isReady, objection, remembered, waitingFor, waitingOf } from "./tray";

const limits = { file_bytes: 100, files_per_message: 2, total_bytes: 1000, used_bytes: 0, characters: 50 };
const kept = { id: "a", name: "a.png", media_type: "image/png", bytes: 5, kind: "image" } as const;

describe("what stands against a file", () => {
  test.each([
    [{ size: 100 }, 0, null],
    [{ size: 101 }, 0, "tooLarge"],
    [{ size: 1 }, 2, "tooMany"],
    [{ size: 0 }, 0, "empty"],
  ])("%o after %i is %s", (file, before, expected) => {
    expect(objection(file, before, limits)).toBe(expected);
  });

  test("is left to the server while its limits are not known", () => {
    expect(objection({ size: 1e9 }, 99, undefined)).toBeNull();
  });
});

describe("a file beside a draft", () => {
  test("is on its way first, and there in the end", () => {
    const one = waitingOf(new File(["x"], "x.png", { type: "image/png" }), "k");
    expect([one.image, isComing(one), isReady(one)]).toEqual([true, true, false]);
    expect([isComing(waitingFor(kept)), isReady(waitingFor(kept))]).toEqual([false, true]);
  });

  test("that is a drawing of code is no image", () => {
    expect(waitingOf(new File(["x"], "x.svg", { type: "image/svg+xml" }), "k").image).toBe(false);
  });
});

describe("what a draft remembers", () => {
  test("comes back as it was", () => {
    expect(remembered(JSON.stringify([kept]))).toEqual([waitingFor(kept)]);
  });

  test.each([null, "", "{", "7", '[null, 3, {"id": 4}]'])("%s is nothing", (text) => {
    expect(remembered(text)).toEqual([]);
  });
});
