/** Any tree of messages as one of ours, in which questions and answers take turns. */

import type { Enclosure, Said } from "./talk";

export interface Node {
  readonly id: string;
  readonly parent: string | null;
  /** null: a step that is not shown, such as a tool's; what follows it follows what was before. */
  readonly role: "user" | "assistant" | null;
  readonly content: string;
  readonly reasoning?: string;
  readonly model?: string | null;
  readonly at?: string | null;
  readonly files?: readonly Enclosure[];
}

interface Built extends Node {
  readonly above: Built | null;
  /** A message of the same role went on with it, and has its words. */
  absorbed: boolean;
  leads: boolean;
}

export interface Tree {
  readonly messages: readonly Said[];
  /** The message that has a node's words; undefined where nothing was kept. */
  readonly nameOf: (node: string) => string | undefined;
}

/** Straighten a tree: hidden steps go, what one side said in several messages becomes one, and it begins with a question. */
export function straighten(nodes: readonly Node[]): Tree {
  const built: Built[] = [];
  const ends = new Map<string, Built | null>();
  const make = (node: Node, above: Built | null, id = node.id): Built => {
    const made: Built = { ...node, id, above, absorbed: false, leads: false };
    if (above) above.leads = true;
    built.push(made);
    return made;
  };
  const place = (node: Node, above: Built | null): Built | null => {
    if (node.role === null || isEmpty(node)) return above;
    if (above?.role === node.role) {
      above.absorbed = true;
      return make(joined(above, node), above.above);
    }
    if (above === null && node.role === "assistant")
      return make(
        node,
        make({ id: `${node.id}?`, parent: null, role: "user", content: "…", at: node.at ?? null }, null),
      );
    return make(node, above);
  };
  for (const [node, above] of walk(nodes, ends)) ends.set(node.id, place(node, above));
  const kept = built.filter((each) => !each.absorbed || each.leads);
  const names = new Map(kept.map((each, index) => [each, String(index)]));
  return {
    messages: kept.map((each) => said(each, names)),
    nameOf: (node) => {
      const end = ends.get(node);
      return end ? names.get(end) : undefined;
    },
  };
}

/** Every node after its parent, with what was built for the parent. */
function* walk(nodes: readonly Node[], ends: ReadonlyMap<string, Built | null>): Generator<[Node, Built | null]> {
  const known = new Set(nodes.map((node) => node.id));
  const below = new Map<string | null, Node[]>();
  for (const node of nodes) {
    const parent = node.parent !== null && known.has(node.parent) && node.parent !== node.id ? node.parent : null;
    below.set(parent, [...(below.get(parent) ?? []), node]);
  }
  const waiting = (below.get(null) ?? []).map((node) => [node, null as string | null] as const).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, parent] = next;
    yield [node, parent === null ? null : (ends.get(parent) ?? null)];
    for (const child of (below.get(node.id) ?? []).toReversed()) waiting.push([child, node.id]);
  }
}

const isEmpty = (node: Node) => node.content === "" && !node.reasoning && !node.files?.length;

const both = (before: string, after: string) => [before, after].filter((text) => text !== "").join("\n\n");

const joined = (before: Node, node: Node): Node => ({
  ...node,
  content: both(before.content, node.content),
  reasoning: both(before.reasoning ?? "", node.reasoning ?? ""),
  model: node.model ?? before.model ?? null,
  at: before.at ?? null,
  files: [...(before.files ?? []), ...(node.files ?? [])],
});

const said = (each: Built, names: ReadonlyMap<Built, string>): Said => ({
  id: names.get(each) ?? "",
  parent: (each.above && names.get(each.above)) ?? null,
  role: each.role === "assistant" ? "assistant" : "user",
  content: each.content,
  ...(each.reasoning ? { reasoning: each.reasoning } : {}),
  ...(each.role === "assistant" && each.model ? { model: each.model } : {}),
  ...(each.at ? { created_at: each.at } : {}),
  ...(each.role === "user" && each.files?.length ? { files: each.files } : {}),
});
