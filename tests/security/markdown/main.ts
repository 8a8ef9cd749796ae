// The page's own Markdown, alone and without the page's Content-Security-Policy: nothing but the component stands between a text and the browser.
// `show` renders a text as an answer; `tamperings` says what of it could run.

import { createElement } from "react";
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { Markdown, prepareMarkdown } from "@/ui/markdown";

declare global {
  interface Window {
    show: (text: string, growing: boolean) => string[];
    tamperings: (inside: HTMLElement) => string[];
    ready: Promise<void>;
    ran: string[];
  }
}

const root = createRoot(document.getElementById("root") as HTMLElement);
const ELEMENTS = "script, iframe, object, embed, base, meta, link, form, svg script, foreignObject, style, template, frame, frameset, applet";
const ADDRESSES = ["href", "src", "xlink:href", "action", "formaction", "data", "poster", "srcset", "srcdoc", "background", "ping"];
const HARMLESS = /^(https?:|mailto:|tel:|#)/i;

window.ran = [];
for (const name of ["alert", "prompt", "confirm", "print", "open"] as const)
  window[name] = ((...said: unknown[]) => void window.ran.push(`${name}(${said.join()})`)) as never;

window.tamperings = tamperings;
window.show = (text, growing) => {
  flushSync(() => root.render(createElement(Markdown, { key: `${text}${growing}`, text, growing })));
  return tamperings(document.getElementById("root") as HTMLElement);
};

function tamperings(inside: HTMLElement): string[] {
  const found = [...inside.querySelectorAll(ELEMENTS)].map((each) => `<${each.localName}>`);
  for (const each of inside.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      if (name.startsWith("on")) found.push(`${each.localName} ${name}`);
      if (ADDRESSES.includes(name) && !HARMLESS.test(value)) found.push(`${each.localName} ${name}=${value}`);
      if (name === "style" && /url\(|expression|@import/i.test(value)) found.push(`${each.localName} style=${value}`);
      if (name === "target" && !/noreferrer|noopener/.test(each.getAttribute("rel") ?? "")) found.push(`${each.localName} target without rel`);
    }
  }
  return found;
}

prepareMarkdown();
window.ready = (async () => {
  window.show("**ready**", false);
  while (document.querySelector("strong") === null) await new Promise((go) => setTimeout(go, 20));
})();
