import { expect, test } from "vitest";
import { fileNameOf } from "./file-name";

test.each([
  ["python", "code.py"],
  ["TypeScript", "code.ts"],
  ["sql", "code.sql"],
  ["c++", "code.cpp"],
  ["dockerfile", "Dockerfile"],
  ["", "code.txt"],
  ["../../etc/passwd", "code.txt"],
])("a piece of %s is saved as %s", (language, name) => {
  expect(fileNameOf(language)).toBe(name);
});
