import { defineConfig } from "vitest/config";

export default defineConfig({
  // React runs as in production, so its elements must be made for production.
  oxc: { jsx: { runtime: "automatic", development: false } },
  test: {
    include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
    reporters: ["default", "./test/helpers/tally-reporter.ts"],
    globalSetup: "./test/helpers/build.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    env: { NODE_ENV: "production" },
    pool: "forks",
    // Programs that run beside each other's clocks and deadlines would be late for their own.
    maxWorkers: 1,
  },
});
