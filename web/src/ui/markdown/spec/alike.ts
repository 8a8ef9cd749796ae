/** What a text became, ours and the reference's, in one form: without what the page does otherwise on purpose, which is named here. */

import { safeAddress } from "../read/safe";

const BLOCK = "p|h[1-6]|ul|ol|li|blockquote|table|thead|tbody|tr|th|td|hr|br|section|div";
const AROUND = new RegExp(String.raw`\s*(</?(?:${BLOCK})(?:\s[^<>]*)?>)\s*`, "g");

const letters = (html: string) =>
  html
    .replace(/&(?:#x27|#39);/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&#x60;/g, "`");

/** Blank space as a browser sees it; what stands in <pre> stays. */
const blanks = (html: string) =>
  html
    .split(/\s*(<pre>[\s\S]*?<\/pre>)\s*/)
    .map((part) => (part.startsWith("<pre>") ? part : part.replace(/[ \t\n]+/g, " ").replace(AROUND, "$1")))
    .join("")
    .trim();

/** The page's markup without what is the page's: directions, frames of code and tables, where links open. */
export function ours(html: string): string {
  const plain = html
    .replace(/<figure class="code"[^>]*><figcaption>[\s\S]*?<\/figcaption>/g, "")
    .replace(/<\/figure>/g, "")
    .replace(/<pre[^>]*><code>/g, "<pre><code>")
    .replace(/\n*<\/code><\/pre>/g, "</code></pre>")
    .replace(/<div class="table"[^>]*>(<table[\s\S]*?<\/table>)<\/div>/g, "$1")
    .replace(/^<div class="markdown[^"]*">|<\/div>$/g, "")
    .replace(/<\/?div(?: class="row")?>/g, "")
    .replace(/<\/?span>/g, "")
    .replace(/ (?:dir|target|rel|scope|disabled|aria-label|class)="[^"]*"/g, "")
    .replace(/ style="text-align:(\w+)"/g, ' align="$1"')
    .replace(/ start="1"/g, "")
    .replace(/\/>/g, ">");
  return blanks(letters(decoded(plain)));
}

/**
 * The reference's markup as the page shows it: headings begin at the second level, addresses that are not absolute lead nowhere,
 * pictures are links, links have no title, and code has its language above it.
 */
export function theirs(html: string): string {
  const top = Number(/<h([1-6])>/.exec(html)?.[1] ?? 1);
  const plain = html
    .replace(/<(\/?)h([1-6])>/g, (_, end, depth) => `<${end}h${Math.min(Math.max(Number(depth) - top, 0) + 2, 6)}>`)
    .replace(/<img src="([^"]*)" alt="([^"]*)"[^>]*>/g, (_, address, words) => link(address, `🖼 ${words || address}`))
    .replace(/<a href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/g, (_, address, words) => link(address, words))
    .replace(/<pre><code[^>]*>/g, "<pre><code>")
    .replace(/\n*<\/code><\/pre>/g, "</code></pre>")
    .replace(/<input type="checkbox" disabled=""( checked="")? ?\/?> ?/g, '<input type="checkbox"$1>')
    .replace(/ ?\/>/g, ">");
  return blanks(letters(decoded(plain)));
}

/** Addresses without percent signs: which letters get one is left open by both specifications. */
const decoded = (html: string) =>
  html.replace(/ href="([^"]*)"/g, (whole, address) => {
    try {
      return ` href="${decodeURIComponent(address)}"`;
    } catch {
      return whole;
    }
  });

function link(address: string, words: string): string {
  const safe = safeAddress(address.replaceAll("&amp;", "&"));
  return safe === null ? words : `<a href="${safe.replaceAll("&", "&amp;")}">${words}</a>`;
}
