import { expect, test } from "vitest";
import { decode, safeAddress } from "./safe";

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc",
  "//host",
  "/path",
  "java\nscript:x",
  "streamdown:incomplete-link",
])("%j is no address to follow", (address) => expect(safeAddress(address)).toBeNull());

test.each(["https://example.org/a?b=c", "http://x.y/", "mailto:a@b.c"])("%s is followed", (address) =>
  expect(safeAddress(address)).toBe(address),
);

test("references become characters, once", () => {
  expect(decode("&lt;b&gt; &amp;lt; &#x41;&#66; &nope; a & b")).toBe("<b> &lt; AB &nope; a & b");
});
