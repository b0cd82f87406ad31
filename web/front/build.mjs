// Bundles the islands and the stylesheet into web/static/dist, under names that carry a hash of what is inside.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";
import { stringKeys } from "./strings.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const fresh = join(here, "node_modules", `.dist-${process.pid}`);

const ENTRIES = { public: "public.tsx", speaker: "speaker.tsx", console: "console.tsx", display: "display.tsx", chair: "chair.tsx", embed: "embed.tsx", site: "site.ts" };

function hashed(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}-${hash}${name.slice(dot)}`;
}

async function place(manifest, name, bytes) {
  const file = hashed(name, bytes);
  await writeFile(join(fresh, file), bytes);
  manifest[name] = file;
}

async function scripts(manifest) {
  const worker = await readFile(join(here, "node_modules/hls.js/dist/hls.worker.js"), "utf8");
  await place(manifest, "hls.worker.js", worker.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
  const result = await build({
    absWorkingDir: here,
    entryPoints: Object.fromEntries(Object.entries(ENTRIES).map(([name, file]) => [name, `src/${file}`])),
    outdir: fresh,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "safari15.4"],
    minify: true,
    legalComments: "linked",
    metafile: true,
    define: { HLS_WORKER: JSON.stringify(manifest["hls.worker.js"]) },
    logLevel: "warning",
  });
  for (const [file, about] of Object.entries(result.metafile.outputs)) {
    if (about.entryPoint && file.endsWith(".js")) {
      const name = Object.keys(ENTRIES).find((entry) => about.entryPoint === `src/${ENTRIES[entry]}`);
      if (name) manifest[`${name}.js`] = relative(fresh, join(here, file));
    }
  }
}

async function styles(manifest) {
  for (const name of ["site"]) {
    const { css } = sass.compile(join(here, `styles/${name}.scss`), {
      style: "compressed",
      loadPaths: [join(here, "node_modules/govuk-frontend/dist")],
      quietDeps: true,
    });
    if (/GDS Transport|@font-face|crest/.test(css)) throw new Error(`${name}.css names something reserved for GOV.UK`);
    await place(manifest, `${name}.css`, css);
  }
}

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
const manifest = {};
await scripts(manifest);
await styles(manifest);
await writeFile(join(fresh, "strings.json"), `${JSON.stringify(await stringKeys(join(here, "src")), null, 1)}\n`);
// The manifest is written last: where it is, the build is whole.
await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(manifest, Object.keys(manifest).sort(), 1)}\n`);
await rm(dist, { recursive: true, force: true });
await mkdir(dirname(dist), { recursive: true });
await rename(fresh, dist);
console.log(`web/static/dist: ${(await readdir(dist)).length} files, ${Object.keys(manifest).sort().join(", ")}`);
