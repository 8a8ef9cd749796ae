import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  test: { include: ["src/**/*.test.ts"], environment: "node", testTimeout: 30_000 }, // a crowded machine is no fault
});
