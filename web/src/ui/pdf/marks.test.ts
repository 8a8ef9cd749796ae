import { describe, expect, it } from "vitest";
import { covered } from "./marks";

const page = ["Brewing oolong", "wants water of ninety-", "six degrees.", "", "Three minutes are enough."];

describe("where a passage stands on a page", () => {
  it("is the pieces that it covers, whatever spaces and hyphens stand at the ends of lines", () => {
    expect(covered(page, "oolong wants water\nof ninetysix degrees.")).toEqual([0, 1, 2]);
  });

  it("is each line that is there where the page is read in another order", () => {
    expect(covered(page, "Three minutes are enough.\nBrewing oolong\nNot there at all, this line.")).toEqual([0, 4]);
  });

  it("is nowhere where nothing of it is there", () => {
    expect(covered(page, "Something else altogether.")).toEqual([]);
    expect(covered(page, "")).toEqual([]);
    expect(covered([], "Brewing")).toEqual([]);
  });
});
