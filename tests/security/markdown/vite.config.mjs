// Builds the page's Markdown alone, out of the page's sources and packages.
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("../../../web", import.meta.url));

export default {
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  logLevel: "warn",
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  resolve: { alias: [{ find: /^@\//, replacement: `${web}/src/` }, { find: /^(react|react-dom)(\/.*)?$/, replacement: `${web}/node_modules/$1$2` }] },
  css: { postcss: { plugins: [] } },
  worker: { format: "es" },
  build: { emptyOutDir: true, chunkSizeWarningLimit: 10_000 },
};
