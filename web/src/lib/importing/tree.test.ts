import { describe, expect, test } from "vitest";
import { drawn } from "./sample";
import { type Node, straighten } from "./tree";

const node = (id: string, parent: string | null, role: Node["role"], content = id): Node => ({
  id,
  parent,
  role,
  content,
});

describe("a tree", () => {
  test("keeps its branches, each parent before its children", () => {
    const tree = straighten([
      node("a2", "q", "assistant"),
      node("q", null, "user"),
      node("a1", "q", "assistant"),
      node("q2", "a2", "user"),
    ]);
    expect(drawn(tree.messages)).toEqual(["0< Q q", "1<0 A a2", "2<1 Q q2", "3<0 A a1"]);
    expect(tree.nameOf("q2")).toBe("2");
  });

  test("lets hidden steps go and makes one of what one side said in several messages", () => {
    const tree = straighten([
      node("root", null, null),
      node("q", "root", "user"),
      node("a", "q", "assistant"),
      node("tool", "a", null),
      node("b", "tool", "assistant"),
    ]);
    expect(drawn(tree.messages)).toEqual(["0< Q q", "1<0 A a\n\nb"]);
    expect(tree.nameOf("b")).toBe("1");
    expect(tree.nameOf("root")).toBeUndefined();
  });

  test("keeps an answer that one branch went on with and another asked about", () => {
    const tree = straighten([
      node("q", null, "user"),
      node("a", "q", "assistant"),
      node("b", "a", "assistant"),
      node("q2", "a", "user"),
    ]);
    expect(drawn(tree.messages)).toEqual(["0< Q q", "1<0 A a", "2<0 A a\n\nb", "3<1 Q q2"]);
  });

  test("begins with a question even where an answer came first", () => {
    expect(drawn(straighten([node("a", null, "assistant")]).messages)).toEqual(["0< Q …", "1<0 A a"]);
  });

  test("survives a node that is lost, a circle, and 20,000 steps", () => {
    expect(straighten([node("a", "b", "user"), node("b", "a", "assistant")]).messages).toEqual([]);
    expect(straighten([node("a", "a", "user")]).messages.length).toBe(1);
    expect(straighten([node("a", "gone", "user")]).messages.length).toBe(1);
    const long = Array.from({ length: 20_000 }, (_, n) =>
      node(`${n}`, n ? `${n - 1}` : null, n % 2 ? "assistant" : "user"),
    );
    expect(straighten(long).messages.length).toBe(20_000);
  });

  test("makes one message of 30,000 that one side said, in linear time", () => {
    const long = Array.from({ length: 30_000 }, (_, n) =>
      node(`${n}`, n ? `${n - 1}` : null, "user", "words ".repeat(20)),
    );
    const { messages } = straighten(long);
    expect([messages.length, messages[0]?.content.length]).toEqual([1, 30_000 * 120 + 29_999 * 2]);
  });

  test("keeps 30,000 versions of one question", () => {
    const wide = [node("q", null, "user"), ...Array.from({ length: 30_000 }, (_, n) => node(`${n}`, "q", "assistant"))];
    expect(straighten(wide).messages.length).toBe(30_001);
  });
});
