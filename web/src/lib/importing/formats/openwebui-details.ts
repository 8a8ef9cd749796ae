/** What Open WebUI folds into an answer as <details>: thoughts, the calls of tools, and code that ran. */

import type { Divided } from "../thoughts";

const BEGIN = /<details\s+type="(reasoning|tool_calls|code_interpreter)"([^>]*)>\s*(?:<summary>[\s\S]*?<\/summary>)?/g;
const END = "</details>";

/** The answer without them: thoughts apart, code as code with what it printed, the calls of tools left out and told. */
export function withoutDetails(content: string, onTool: () => void): Divided {
  const words: string[] = [];
  const thoughts: string[] = [];
  let from = 0;
  for (const found of content.matchAll(BEGIN)) {
    if (found.index < from) continue;
    const begin = found.index + found[0].length;
    const end = content.indexOf(END, begin);
    const body = content.slice(begin, end < 0 ? undefined : end);
    words.push(content.slice(from, found.index));
    if (found[1] === "reasoning") thoughts.push(quoted(body));
    else if (found[1] === "code_interpreter") words.push(`\n\n${body.trim()}\n\n${printed(found[2] ?? "")}`);
    else onTool();
    from = end < 0 ? content.length : end + END.length;
  }
  words.push(content.slice(from));
  return { words: words.join("").trim(), thoughts: thoughts.filter(Boolean).join("\n\n") };
}

const quoted = (body: string) => unescaped(body.replace(/^(?:>|&gt;) ?/gm, "")).trim();

/** What code printed, as it stands in the tag's `output`. */
function printed(attributes: string): string {
  const output = unescaped(/\boutput="([^"]*)"/.exec(attributes)?.[1] ?? "");
  if (output.trim() === "") return "";
  let text = output;
  try {
    const told: unknown = JSON.parse(output);
    if (typeof told === "string") text = told;
    else if (typeof told === "object" && told !== null && "stdout" in told) text = String(told.stdout ?? "");
  } catch {
    // It is the text itself.
  }
  return text.trim() === "" ? "" : `\`\`\`\n${text.trim()}\n\`\`\`\n\n`;
}

const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', "#x27": "'", "#39": "'", amp: "&" };
const unescaped = (text: string) =>
  text.replace(/&(lt|gt|quot|#x27|#39|amp);/g, (whole, name: string) => NAMED[name] ?? whole);
