import { expect, test } from "vitest";
import { csv } from "./csv";

test.each([
  [[["a", "b"]], "a,b\r\n"],
  [
    [
      ["1,5", 'say "so"'],
      ["two\nlines", " "],
    ],
    '"1,5","say ""so"""\r\n"two\nlines"," "\r\n',
  ],
  [[["", "東京"]], ",東京\r\n"],
  [[], ""],
])("%j", (rows, text) => {
  expect(csv(rows)).toBe(text);
});
