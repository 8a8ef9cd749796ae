import { expect, test } from "vitest";
import { keyOf, NEW_KEY } from "./key-form";

const of = (given: Partial<typeof NEW_KEY>) => keyOf({ ...NEW_KEY, name: "bot", ...given });

test("a key without limits is made without any", () => {
  expect(of({ name: " bot ", days: "" })).toEqual({ key: { name: "bot", scopes: ["chat"] }, wrong: {} });
});

test("what is written is taken, and of tokens the other stays open", () => {
  const { key, wrong } = of({ may: "admin", days: "30", perMinute: "60", day: "10,000" });
  expect(key).toEqual({
    name: "bot",
    scopes: ["chat", "admin"],
    days: 30,
    requests_per_minute: 60,
    quota: { day: 10_000, month: null },
  });
  expect(wrong).toEqual({});
  expect(of({ month: "0" }).key.quota).toEqual({ day: null, month: 0 });
});

test.each([
  [{ name: "  " }, ["name"]],
  [{ perMinute: "0" }, ["perMinute"]],
  [{ perMinute: "1000001" }, ["perMinute"]],
  [{ perMinute: "1.5", day: "many", month: "-1" }, ["perMinute", "day", "month"]],
  [{ day: "1e99" }, ["day"]],
  [{ day: "1,00" }, ["day"]],
])("%j is refused where it is wrong", (given, fields) => {
  expect(Object.keys(of(given).wrong)).toEqual(fields);
});
