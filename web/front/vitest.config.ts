import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  // One worker and one document for all files: a happy-dom for each costs more than all the tests.
  test: { environment: "happy-dom", setupFiles: ["tests/setup.ts"], include: ["tests/**/*.test.{ts,tsx}"], pool: "threads", maxWorkers: 1, isolate: false },
} as never);
