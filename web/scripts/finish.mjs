/**
 * Finishes the export: the app's own files and fonts asked for at once, those of who is signed in named to src/main/early.ts, a strict
 * Content-Security-Policy, the service worker's version, and every text compressed once.
 *
 * Next's export carries inline scripts, so each page gets a <meta> with the hashes of its own; out/csp.json holds the
 * header that a server adds ({"header": "..."}), with the hashes of all pages and what a <meta> can't say.
 * Beside each text file lie its .gz and its .br, for servers that send them as they are.
 */
import { createHash } from "node:crypto";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

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
  [...html.matchAll(/<script(?![^>]*\s(?:src|type)=)[^>]*>([\s\S]*?)<\/script>/g)].map((found) => hashOf(found[1]));

const unique = (list) => [...new Set(list)];
const chunks = (text) => unique([...text.matchAll(/static\/chunks\/[\w.~-]+\.js/g)].map(([name]) => name));
const chunk = (name) => readFileSync(join(out, "_next", name), "utf8");
/** The files that the page's scripts fetch first of all: by itself the browser would learn of them only when those have run. */
const ahead = (html) => {
  const known = chunks(html);
  return unique(known.flatMap((name) => chunks(chunk(name)))).filter((name) => !known.includes(name));
};
/** The files of a part that the app fetches by itself, known by what it exports. */
const part = (html, name) => {
  const groups = ahead(html).flatMap((file) =>
    [...chunk(file).matchAll(/Promise\.all\(\[([^\]]+)\]/g)].map(([, list]) => chunks(list)),
  );
  const found = groups.find((files) => files.some((file) => chunk(file).includes(`.s(["${name}",`)));
  if (!found) throw new Error(`No file of the app has the part ${name}.`);
  return found.join(" ");
};
const index = readFileSync(join(out, "index.html"), "utf8");
const parts = { __INSIDE__: part(index, "Inside"), __MARKDOWN__: part(index, "Markdown") };
/** The other pages are errors, which nobody looks at for long. */
const named = (page, html) =>
  Object.entries(parts).reduce(
    (text, [name, files]) => text.replaceAll(name, page === "index.html" ? files : ""),
    html,
  );
const script = (name) => `<script src="/_next/${name}" async=""></script>`;
/** The two fonts of every screen, behind the scripts: whoever has a slow line sees the page in the system's font first. */
const media = readdirSync(join(out, "_next/static/media"));
const font = (name) =>
  `<link rel="preload" href="/_next/static/media/${media.find((file) => file.startsWith(`${name}.`))}" as="font" type="font/woff2" crossorigin="" fetchpriority="low"/>`;
/** The Open Font License goes wherever the fonts go. */
for (const name of ["inter", "source-serif-4", "jetbrains-mono"])
  copyFileSync(
    `node_modules/@fontsource-variable/${name}/LICENSE`,
    join(out, `_next/static/media/${name}.LICENSE.txt`),
  );
const fonts = ["inter-latin-wght-normal", "source-serif-4-latin-wght-normal"].map(font).join("");

const pages = readdirSync(out, { recursive: true }).filter((name) => name.endsWith(".html"));
const all = new Set();
for (const page of pages) {
  const file = join(out, page);
  const plain = readFileSync(file, "utf8");
  const html = named(page, plain);
  const hashes = unique(inline(html));
  for (const hash of hashes) all.add(hash);
  const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(hashes)}"/>`;
  writeFileSync(file, html.replace(/<head>/, `<head>${meta}${ahead(plain).map(script).join("")}${fonts}`));
}
const header = `${policy([...all].sort())}; frame-ancestors 'none'`;
writeFileSync(join(out, "csp.json"), `${JSON.stringify({ header }, null, 2)}\n`);

// The service worker's version: another build is another shell.
const worker = join(out, "sw.js");
const build = createHash("sha256").update(pages.map((page) => readFileSync(join(out, page), "utf8")).join("\n"));
writeFileSync(worker, readFileSync(worker, "utf8").replace("__VERSION__", build.digest("hex").slice(0, 16)));

/** What everybody fetches is worth the second for a megabyte that Brotli takes at its best; the hundreds of grammars are not. */
const first = [...chunks(index), ...ahead(index), ...chunks(Object.values(parts).join(" "))].map(
  (name) => `_next/${name}`,
);
const squeeze = (name, length) => ({
  [constants.BROTLI_PARAM_QUALITY]:
    /\.(html|css)$/.test(name) || first.includes(name) ? constants.BROTLI_MAX_QUALITY : 9,
  [constants.BROTLI_PARAM_SIZE_HINT]: length,
});
const texts = readdirSync(out, { recursive: true }).filter(
  (name) => /\.(html|js|css|txt|svg|json|webmanifest)$/.test(name) && name !== "csp.json" && name !== "sw.js",
);
for (const name of texts) {
  const text = readFileSync(join(out, name));
  if (text.length <= 1024) continue;
  writeFileSync(join(out, `${name}.gz`), gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(text, { params: squeeze(name, text.length) }));
}
console.log(`csp: ${pages.length} pages, ${all.size} inline scripts`);
