import { expect, test } from "vitest";
import { translate, withSentences } from ".";

test("parts that come at once are both there", async () => {
  await withSentences("admin", withSentences("steps", Promise.resolve(null)));
  expect(translate("admin.notYours")).toBe("Administrators only");
  expect(translate("admin.title")).not.toBe("admin.title");
  const { steps } = await import("./en/steps");
  for (const [key, words] of Object.entries(steps).slice(0, 3)) {
    if (!words.includes("{")) expect(translate(key as keyof typeof steps)).toBe(words);
  }
});
