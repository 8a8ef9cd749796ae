import { describe, expect, it } from "vitest";
import { beginning, type Field, filled, inputType, type Question } from "./question";

const field = (name: string, kind: Field["kind"], more: Partial<Field> = {}): Field => ({
  name,
  kind,
  title: name,
  hint: "",
  required: false,
  options: [],
  format: null,
  least: null,
  most: null,
  preset: null,
  ...more,
});
const question = (...fields: Field[]): Question => ({ message: "Well?", url: null, fields });

describe("a form of a tool's server", () => {
  it("begins with what the server proposes", () => {
    const asked = question(
      field("guests", "integer", { preset: 2 }),
      field("window", "yes_or_no"),
      field("dishes", "several", { preset: ["fish"] }),
      field("name", "text"),
    );
    expect(beginning(asked)).toEqual({ guests: "2", window: false, dishes: ["fish"], name: "" });
  });

  it("sends numbers as numbers and leaves out what is empty", () => {
    const asked = question(
      field("guests", "integer"),
      field("window", "yes_or_no"),
      field("dishes", "several"),
      field("name", "text"),
    );
    expect(filled(asked, { guests: "2", window: false, dishes: [], name: "" })).toEqual({ guests: 2, window: false });
    expect(filled(asked, { guests: "", dishes: ["fish"], name: "Ada" })).toEqual({ dishes: ["fish"], name: "Ada" });
  });

  it("uses the browser's own inputs", () => {
    expect(
      [field("a", "number"), field("b", "text", { format: "uri" }), field("c", "text", { format: "date-time" })].map(
        inputType,
      ),
    ).toEqual(["number", "url", "text"]);
  });
});
