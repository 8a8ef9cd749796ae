/**
 * Finishes the export: the app's own files asked for at once, a strict Content-Security-Policy, the service worker's version,
 * and every text compressed once.
 *
 * Next's export carries inline scripts, so each page gets a <meta> with the hashes of its own; out/csp.json holds the
 * header that a server adds ({"header": "..."}), with the hashes of all pages and what a <meta> can't say.
 * Beside each text file lies its .gz, for servers that send it as it is.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, gzipSync } from "node:zlib";

const out = process.argv[2] ?? "out";

const policy = (hashes) =>
  [
    "default-src 'self'",
    `script-src 'self' ${hashes.join(" ")}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");

const hashOf = (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
const inline = (html) =>
  [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((found) => hashOf(found[1]));

const chunks = (text) => [...new Set([...text.matchAll(/static\/chunks\/[\w.~-]+\.js/g)].map(([name]) => name))];
/** The files that the page's scripts fetch first of all: by itself the browser would learn of them only when those have run. */
const ahead = (html) => {
  const known = chunks(html);
  const next = known.flatMap((name) => chunks(readFileSync(join(out, "_next", name), "utf8")));
  return [...new Set(next)].filter((name) => !known.includes(name));
};
const script = (name) => `<script src="/_next/${name}" async=""></script>`;

const pages = readdirSync(out, { recursive: true }).filter((name) => name.endsWith(".html"));
const all = new Set();
for (const page of pages) {
  const file = join(out, page);
  const html = readFileSync(file, "utf8");
  const hashes = [...new Set(inline(html))];
  for (const hash of hashes) all.add(hash);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(hashes)}"/>`;
  writeFileSync(file, html.replace(/<head>/, `<head>${meta}${ahead(html).map(script).join("")}`));
}
const header = `${policy([...all].sort())}; frame-ancestors 'none'`;
writeFileSync(join(out, "csp.json"), `${JSON.stringify({ header }, null, 2)}\n`);

// The service worker's version: another build is another shell.
const worker = join(out, "sw.js");
const build = createHash("sha256").update(pages.map((page) => readFileSync(join(out, page), "utf8")).join("\n"));
writeFileSync(worker, readFileSync(worker, "utf8").replace("__VERSION__", build.digest("hex").slice(0, 16)));

const texts = readdirSync(out, { recursive: true }).filter(
  (name) => /\.(html|js|css|txt|svg|json|webmanifest)$/.test(name) && name !== "csp.json" && name !== "sw.js",
);
for (const name of texts) {
  const text = readFileSync(join(out, name));
  if (text.length > 1024)
    writeFileSync(join(out, `${name}.gz`), gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
}
console.log(`csp: ${pages.length} pages, ${all.size} inline scripts`);
