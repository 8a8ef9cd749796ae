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

interface Built {
  readonly node: Node;
  readonly above: Built | null;
  /** What the same side said just before: the two become one message. */
  readonly before: Built | null;
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
  const make = (node: Node, above: Built | null, before: Built | null = null): Built => {
    const made: Built = { node, above, before, absorbed: false, leads: false };
    if (above) above.leads = true;
    built.push(made);
    return made;
  };
  const place = (node: Node, above: Built | null): Built | null => {
    if (node.role === null || isEmpty(node)) return above;
    if (above?.node.role === node.role) {
      above.absorbed = true;
      return make(node, above.above, above);
    }
    if (above === null && node.role === "assistant") return make(node, make(unasked(node), null));
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

/** The question that an answer lacks. */
const unasked = (node: Node): Node => ({
  id: `${node.id}?`,
  parent: null,
  role: "user",
  content: "…",
  at: node.at ?? null,
});

/** Every node after its parent, with what was built for the parent. */
function* walk(nodes: readonly Node[], ends: ReadonlyMap<string, Built | null>): Generator<[Node, Built | null]> {
  const known = new Set(nodes.map((node) => node.id));
  const below = new Map<string | null, Node[]>();
  for (const node of nodes) {
    const parent = node.parent !== null && known.has(node.parent) && node.parent !== node.id ? node.parent : null;
    const siblings = below.get(parent);
    if (siblings) siblings.push(node);
    else below.set(parent, [node]);
  }
  const waiting = (below.get(null) ?? []).map((node) => [node, null as string | null] as const).reverse();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [node, parent] = next;
    yield [node, parent === null ? null : (ends.get(parent) ?? null)];
    for (const child of (below.get(node.id) ?? []).toReversed()) waiting.push([child, node.id]);
  }
}

const isEmpty = (node: Node) => node.content === "" && !node.reasoning && !node.files?.length;

/** All that one message has the words of, the first first. */
function chain(last: Built): readonly Node[] {
  const nodes: Node[] = [];
  for (let each: Built | null = last; each; each = each.before) nodes.push(each.node);
  return nodes.reverse();
}

const together = (texts: readonly string[]) => texts.filter((text) => text !== "").join("\n\n");

function said(each: Built, names: ReadonlyMap<Built, string>): Said {
  const nodes = chain(each);
  const reasoning = together(nodes.map((node) => node.reasoning ?? ""));
  const model = nodes.findLast((node) => node.model)?.model;
  const files = nodes.flatMap((node) => node.files ?? []);
  const at = nodes[0]?.at;
  const role = each.node.role === "assistant" ? "assistant" : "user";
  return {
    id: names.get(each) ?? "",
    parent: (each.above && names.get(each.above)) ?? null,
    role,
    content: together(nodes.map((node) => node.content)),
    ...(reasoning ? { reasoning } : {}),
    ...(role === "assistant" && model ? { model } : {}),
    ...(at ? { created_at: at } : {}),
    ...(role === "user" && files.length > 0 ? { files } : {}),
  };
}
