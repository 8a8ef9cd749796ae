import { expect, test } from "vitest";
import type { ApiKey } from "@/lib/api/keys";
import { changeOf, draftOf, KEEP, keyOf, lesser, NEW_KEY } from "./key-form";

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

const BOT: ApiKey = {
  id: "1",
  name: "bot",
  hint: "olk_abcd",
  scopes: ["chat"],
  created_at: "2026-01-01T00:00:00Z",
  expires_at: null,
  used_at: null,
  quota: { day: 100, month: null },
  requests_per_minute: 60,
};
const changed = (given: Partial<typeof NEW_KEY>, was = BOT) => changeOf({ ...draftOf(was), ...given }, was);

test("a key is shown as it is, and what is left as it was is no change", () => {
  expect(draftOf(BOT)).toEqual({ name: "bot", may: "chat", days: KEEP, perMinute: "60", day: "100", month: "" });
  expect(changed({})).toEqual({ change: {}, wrong: {} });
});

test("what is written anew is changed, and what is emptied is no limit any more", () => {
  expect(changed({ name: "robot", days: "30", month: "5,000" }).change).toEqual({
    name: "robot",
    days: 30,
    quota: { day: 100, month: 5_000 },
  });
  expect(changed({ may: "read", days: "", perMinute: "", day: "" }).change).toEqual({
    scopes: ["read"],
    days: null,
    requests_per_minute: null,
    quota: null,
  });
  expect(Object.keys(changed({ name: "", perMinute: "x" }).wrong)).toEqual(["name", "perMinute"]);
});

test("a key is never offered to open more", () => {
  const choices = (scopes: ApiKey["scopes"]) => [...lesser({ ...BOT, scopes })].sort();
  expect(choices(["read"])).toEqual(["read"]);
  expect(choices(["chat"])).toEqual(["chat", "read"]);
  expect(choices(["admin", "chat"])).toEqual(["admin", "chat", "read"]);
  expect(choices(["admin"])).toEqual(["admin"]);
});
