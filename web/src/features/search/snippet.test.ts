import { expect, test } from "vitest";
import { marked, pieces } from "./snippet";

const drawn = (all: ReturnType<typeof pieces>) => all.map(({ text, hit }) => (hit ? `[${text}]` : text)).join("");

test.each([
  ["plain", "plain"],
  ["a \u0002hit\u0003 here", "a [hit] here"],
  ["\u0002two\u0003 \u0002hits\u0003", "[two] [hits]"],
  ["<b>\u0002x\u0003</b>", "<b>[x]</b>"],
  ["never \u0002closed", "never [closed]"],
])("%j is divided at its marks", (snippet, wanted) => {
  expect(drawn(pieces(snippet))).toBe(wanted);
});

test.each([
  ["Red shoes", "RED", "[Red] shoes"],
  ["Red shoes", "sho red", "[Red] [sho]es"],
  ["1+1 (really?)", "1+1", "[1]+[1] (really?)"],
  ["Red shoes", "%", "Red shoes"],
  ["针在干草里", "干草", "针在[干草]里"],
])("%j is marked for %j", (title, query, wanted) => {
  expect(drawn(marked(title, query))).toBe(wanted);
});
