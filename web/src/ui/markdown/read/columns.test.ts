import type { Tokens } from "marked";
import { expect, test } from "vitest";
import { columnsOf } from "./columns";
import { partsOf } from "./parts";
import { lex } from "./reader";

function columns(text: string): string {
  const table = lex(text, {})[0] as Tokens.Table;
  return columnsOf(table.header, partsOf(table, 0)?.last ?? []);
}

test("a column has its share by its longest words, within bounds", () => {
  expect(columns("| a | name |\n| - | - |\n| 1 | a name of twenty letters |")).toBe(
    "minmax(4em, 4fr) minmax(8em, 24fr)",
  );
  expect(columns(`| a | b |\n| - | - |\n| ${"long ".repeat(50)} | |`)).toBe("minmax(8em, 40fr) minmax(4em, 4fr)");
});
