/**
 * Puts the program together in dist/: one file for each part that is loaded by itself, dependencies and all. A program
 * made of a thousand files starts twice as slowly and keeps the text of each in memory, comments too.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");

/** Ink takes one function of a library of four hundred files through the file that names them all. */
const throttle = createRequire(import.meta.resolve("ink")).resolve("es-toolkit/compat").replace(/compat[\\/]index\.\w+$/, "compat/function/throttle.mjs");

/** Yoga carries its code inside itself and needs no `fetch`; asking for its type makes Node load its HTTP client. */
const yogaWithoutFetch = {
  name: "yoga-without-fetch",
  transform: {
    filter: { id: /yoga-wasm-base64/ },
    handler: (code) => ({ code: code.replaceAll("typeof fetch", '"undefined"'), map: null }),
  },
};

/** The text of every licence whose code is in the bundle. */
const licences = {
  name: "licences",
  generateBundle(_options, bundle) {
    const folders = new Set();
    for (const { moduleIds = [] } of Object.values(bundle)) {
      for (const id of moduleIds) {
        const folder = /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0];
        if (folder !== undefined) folders.add(folder);
      }
    }
    const parts = [...folders].sort().map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8").trim();
      return `${name} ${version}\n\n${text}\n`;
    });
    this.emitFile({ type: "asset", fileName: "licences.txt", source: parts.join(`\n${"-".repeat(80)}\n\n`) });
  },
};

rmSync(dist, { recursive: true, force: true });
const bundle = await rolldown({
  cwd: root,
  input: "src/bin.ts",
  platform: "node",
  // Never installed with the program: a development tool of Ink, and native helpers that ws does without.
  external: ["react-devtools-core", "bufferutil", "utf-8-validate"],
  resolve: { alias: existsSync(throttle) ? { "es-toolkit/compat": throttle } : {} },
  transform: { define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' } },
  plugins: [yogaWithoutFetch, licences],
  logLevel: "warn",
});
await bundle.write({
  dir: dist,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  comments: false,
  // Names stay: a crash report has to be readable.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
});

// Text with any sign beyond Latin-1 takes two bytes a sign in memory, all of it: those few are written as escapes.
for (const name of readdirSync(dist).filter((entry) => entry.endsWith(".js"))) {
  const code = readFileSync(join(dist, name), "utf8");
  writeFileSync(join(dist, name), code.replace(/[^\u0000-\u00FF]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`));
}
