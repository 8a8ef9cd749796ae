import { describe, expect, it } from "vitest";
import { backOf } from "./returned";

describe("backOf", () => {
  it("reads a code with its state, and whose they are", () => {
    expect(backOf("?code=c&state=s&iss=https%3A%2F%2Fid.example.org")).toEqual({
      code: "c",
      state: "s",
      issuer: "https://id.example.org",
    });
    expect(backOf("?code=c&state=s")).toEqual({ code: "c", state: "s", issuer: null });
  });
  it("reads that the person did not allow it", () => {
    expect(backOf("?error=access_denied&state=s")).toEqual({ refused: "access_denied" });
  });
  it("finds nothing in other addresses", () => {
    expect([backOf(""), backOf("?code=c"), backOf("?state=s")]).toEqual([null, null, null]);
  });
});
