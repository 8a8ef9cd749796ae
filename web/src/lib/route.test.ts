import { expect, test } from "vitest";
import { messageOf, messagePath, routeOf } from "./route";

const ID = "01a20d65-4bc5-7a1a-b0ec-2f4edabe4d78";

test("the address of a message leads to it", () => {
  const { pathname, hash } = new URL(messagePath("c1", ID), "http://page");
  expect(routeOf(pathname)).toEqual({ screen: "chat", id: "c1" });
  expect(messageOf(hash)).toBe(ID);
});

test.each(["", "#", "#m-", `#${ID}`, `#m-${ID}x`, '#m-"]'])("%j leads to no message", (hash) => {
  expect(messageOf(hash)).toBe(null);
});
