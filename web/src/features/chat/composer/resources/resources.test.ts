import { describe, expect, it } from "vitest";
import type { ResourceServer } from "@/lib/api/files";
import { matching } from "./matching";
import { expanded, holesOf } from "./template";

const about = (title: string) => ({ name: title, title, description: "", media_type: "" });
const server = (name: string, ...uris: string[]): ResourceServer => ({
  name,
  title: name,
  resources: uris.map((uri) => ({ ...about(uri), uri })),
  templates: [{ ...about("A day"), uri_template: `${name}://days/{day}` }],
});

describe("an address with holes", () => {
  it("asks for each of them once", () => {
    expect(holesOf("notes://{day}/{+path}/{day}")).toEqual(["day", "path"]);
  });

  it("is filled in so that a value stays in its place", () => {
    const values = new Map([
      ["day", "a/b?c"],
      ["path", "x/ä y"],
    ]);
    expect(expanded("notes://{day}/{+path}", values)).toBe("notes://a%2Fb%3Fc/x/%C3%A4%20y");
    expect(expanded("notes://{day}", new Map())).toBe("notes://");
  });
});

describe("resources that are searched", () => {
  const servers = [server("notes", "notes://today", "notes://Tides"), server("wiki", "wiki://harbour")];

  it("keep those that are called so, and the servers that have any", () => {
    const [only, ...rest] = matching(servers, " tide ");
    expect(rest).toEqual([]);
    expect(only?.resources.map(({ uri }) => uri)).toEqual(["notes://Tides"]);
    expect(only?.templates).toEqual([]);
  });

  it("are all there for their server's name, and for no word at all", () => {
    expect(matching(servers, "wiki")).toEqual([servers[1]]);
    expect(matching(servers, "")).toEqual(servers);
  });
});
