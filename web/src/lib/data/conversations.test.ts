import { expect, test } from "vitest";
import type { Conversation } from "../api";
import { placed, removed } from "./conversations";

const chat = (id: string, updated_at: string, archived = false) => ({ id, updated_at, archived }) as Conversation;
const pages = [
  { items: [chat("c", "3"), chat("b", "2")], next_cursor: "x" },
  { items: [chat("a", "1")], next_cursor: null },
];
const ids = (list: typeof pages | ReturnType<typeof placed>) =>
  list.map((page) => page.items.map((item) => item.id).join(""));

test("what changed goes to the place of its time", () => {
  expect(ids(placed(pages, chat("a", "4")))).toEqual(["acb", ""]);
  expect(ids(placed(pages, chat("n", "2.5")))).toEqual(["cnb", "a"]);
});

test("what is older than all that was fetched waits for its own page", () => {
  expect(ids(placed(pages, chat("o", "0")))).toEqual(["cb", "ao"]);
  expect(ids(placed(pages, chat("o", "1.5")))).toEqual(["cb", "oa"]);
  expect(ids(placed(pages.slice(0, 1), chat("o", "1.5")))).toEqual(["cb"]);
  expect(ids(placed([{ items: [], next_cursor: null } as never], chat("o", "1")))).toEqual(["o"]);
});

test("what is archived or deleted goes", () => {
  expect(ids(placed(pages, chat("b", "4", true)))).toEqual(["c", "a"]);
  expect(ids(removed(pages, "a"))).toEqual(["cb", ""]);
});

test("the archive has what is archived, and nothing else", () => {
  expect(ids(placed(pages, chat("n", "4", true), true))).toEqual(["ncb", "a"]);
  expect(ids(placed(pages, chat("b", "4"), true))).toEqual(["c", "a"]);
});
