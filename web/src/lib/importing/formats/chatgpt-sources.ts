/** What ChatGPT's answers cite: marks in the text (`【1†source】`, or letters of no script) become links, as they were to be seen. */

import { isObject, type Json, textOf } from "../talk";
import { listOf } from "./one";

// Letters of the private use area, around what a mark says to ChatGPT's own page.
const MARK = /\s?\ue200[^\ue201]*\ue201/gu;
const STRAY = /[\ue200-\ue20f]/gu;

/** The text with links in place of its marks; a mark that leads nowhere goes. */
export function withSources(text: string, meta: Json): string {
  let found = text;
  for (const reference of listOf(meta.content_references)) {
    const mark = textOf(reference.matched_text);
    if (mark.trim() !== "") found = found.split(mark).join(linksOf(reference));
  }
  for (const { metadata, ...citation } of listOf(meta.citations)) {
    const mark = text.slice(Number(citation.start_ix), Number(citation.end_ix));
    if (mark.startsWith("【") && isObject(metadata)) found = found.split(mark).join(link(metadata));
  }
  return found.replace(MARK, "").replace(STRAY, "");
}

function linksOf(reference: Json): string {
  const alt = textOf(reference.alt);
  if (alt !== "") return alt;
  return listOf(reference.items)
    .map(link)
    .filter((each) => each !== "")
    .join(" ");
}

function link(source: Json): string {
  const url = textOf(source.url);
  if (!/^https?:\/\/[^\s<>]+$/.test(url)) return "";
  const title = textOf(source.title)
    .replace(/[[\]\\]/g, "\\$&")
    .replace(/\s+/g, " ")
    .trim();
  return ` ([${title || url}](<${url}>))`;
}
