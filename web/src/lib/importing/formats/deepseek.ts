/** DeepSeek's export: a `mapping` as ChatGPT's, whose messages are fragments. */

import { isObject, type Json, nameOf, type Parsed, textOf, timeOf } from "../talk";
import { joined } from "../thoughts";
import type { Node } from "../tree";
import { finished, idOf, LeftBehind, listOf } from "./one";

export const isDeepSeek = (value: unknown): value is Json =>
  isObject(value) &&
  isObject(value.mapping) &&
  Object.values(value.mapping).some(
    (node) => isObject(node) && isObject(node.message) && Array.isArray(node.message.fragments),
  );

/** Read one conversation. */
export function fromDeepSeek(given: Json): Parsed {
  const left = new LeftBehind();
  const created = timeOf(given.inserted_at);
  const mapping = isObject(given.mapping) ? given.mapping : {};
  return finished({
    title: given.title,
    nodes: Object.entries(mapping).map(([id, node]) => nodeOf(id, isObject(node) ? node : {}, left)),
    left,
    about: {
      source: "deepseek",
      source_id: idOf(given.id, created, given.title),
      created_at: created,
      updated_at: timeOf(given.updated_at),
    },
  });
}

function nodeOf(id: string, node: Json, left: LeftBehind): Node {
  const parent = typeof node.parent === "string" ? node.parent : null;
  const message = isObject(node.message) ? node.message : {};
  for (const file of listOf(message.files)) left.add("files", textOf(file.file_name));
  const fragments = listOf(message.fragments);
  const of = (type: string) =>
    joined(fragments.filter((each) => each.type === type).map((each) => textOf(each.content)));
  if (fragments.some(({ type }) => !["REQUEST", "RESPONSE", "THINK"].includes(textOf(type)))) left.add("tools");
  const asked = of("REQUEST");
  const said = { id, parent, at: timeOf(message.inserted_at) };
  if (asked !== "") return { ...said, role: "user", content: asked };
  const answer = { content: of("RESPONSE"), reasoning: of("THINK"), model: nameOf(message.model, 300) };
  return { ...said, role: isObject(node.message) ? "assistant" : null, ...answer };
}
