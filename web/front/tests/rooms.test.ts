/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { sources } from "../strings.mjs";

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
/** An import of types alone is gone when the page runs. */
const IMPORT = /^(?:import|export) (?!type )[^;]*? from "(\.[^"]+)";/gm;

type Imports = Map<string, string[]>;

async function imports(): Promise<Imports> {
  const files = await sources(src);
  const modules = new Map(files.map((file) => [file.replace(/(\/index)?\.tsx?$/, ""), file]));
  const found: Imports = new Map();
  for (const [module, file] of modules) {
    const wanted = [...(await readFile(file, "utf8")).matchAll(IMPORT)].map(([, path]) => resolve(dirname(file), path ?? ""));
    found.set(module, wanted.filter((one) => modules.has(one)));
  }
  return found;
}

/** Modules of which each imports the next, and the last the first; none is the hope. */
function circle(all: Imports): string[] {
  const done = new Set<string>();
  const walk = (module: string, way: string[]): string[] => {
    if (way.includes(module)) return [...way.slice(way.indexOf(module)), module];
    if (done.has(module)) return [];
    for (const next of all.get(module) ?? []) {
      const found = walk(next, [...way, module]);
      if (found.length) return found;
    }
    done.add(module);
    return [];
  };
  return [...all.keys()].map((module) => walk(module, [])).find((found) => found.length) ?? [];
}

describe("the modules of the pages", () => {
  it("import each other one way", async () => {
    const all = await imports();
    expect([...all.values()].flat().length).toBeGreaterThan(300);
    expect(circle(all).map((module) => module.slice(src.length + 1))).toEqual([]);
  });

  it("would be found in a circle", () => {
    expect(circle(new Map([["a", ["b"]], ["b", ["c", "d"]], ["c", []], ["d", ["b"]]]))).toEqual(["b", "d", "b"]);
  });
});
