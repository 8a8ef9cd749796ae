import { expect, test } from "vitest";
import { afterChanges, inTurn } from "./in-turn";

function held<T>() {
  let end: (value: T) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { promise, end, fail };
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 0));

test("changes of a conversation go one after the other, and a question after them", async () => {
  const [first, second] = [held<string>(), held<string>()];
  const begun: string[] = [];
  const start = (name: string, promise: Promise<string>) => () => {
    begun.push(name);
    return promise;
  };
  const changed = [inTurn("a", start("first", first.promise)), inTurn("a", start("second", second.promise))];
  const asked = afterChanges("a", start("question", Promise.resolve("asked")));
  const elsewhere = afterChanges("b", start("elsewhere", Promise.resolve("asked")));

  expect(begun).toEqual(["first", "elsewhere"]);
  first.end("1");
  await moment();
  expect(begun).toEqual(["first", "elsewhere", "second"]);
  second.end("2");
  expect(await Promise.all([...changed, asked, elsewhere])).toEqual(["1", "2", "asked", "asked"]);
  expect(begun.at(-1)).toBe("question");
});

test("a change that fails holds up nothing", async () => {
  const first = held<string>();
  const failing = inTurn("a", () => first.promise);
  const asked = afterChanges("a", () => Promise.resolve("asked"));

  first.fail(new Error("offline"));

  await expect(failing).rejects.toThrow("offline");
  expect(await asked).toBe("asked");
  let at = "later";
  void afterChanges("a", async () => {
    at = "at once";
  });
  expect(at).toBe("at once");
});
