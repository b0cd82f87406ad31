/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { setStrings, t, tn } from "../src/shared/i18n";
import { sources, stringKeys, stringsIn } from "../strings.mjs";

const src = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

describe("the catalogue of texts", () => {
  it("holds every text: each call of t() and tn() has literals", async () => {
    const loose: string[] = [];
    for (const file of await sources(src)) {
      const { calls, found } = stringsIn(await readFile(file, "utf8"));
      if (calls !== found) loose.push(`${file}: ${calls} calls, ${found} with literals`);
    }
    expect(loose).toEqual([]);
    expect((await stringKeys(src)).length).toBeGreaterThan(200);
  });

  it("shows no text that is written past it", async () => {
    const bare: string[] = [];
    for (const file of await sources(src)) {
      const text = await readFile(file, "utf8");
      for (const [, words] of text.matchAll(/>\s*([A-Z][a-z]+ [a-z ]+)\s*</g)) bare.push(`${file}: ${words}`);
      for (const [, words] of text.matchAll(/(?:aria-label|title|label)="([A-Z][^"]+)"/g)) bare.push(`${file}: ${words}`);
    }
    expect(bare).toEqual([]);
  });
});

describe("a text", () => {
  it("is English where the catalogue has none, with its values filled in", () => {
    setStrings({}, "en");
    expect(t("Item {number}", { number: "6" })).toBe("Item 6");
    expect(tn("{n} vote", "{n} votes", 1)).toBe("1 vote");
    expect(tn("{n} vote", "{n} votes", 0)).toBe("0 votes");
  });

  it("is Welsh where the catalogue has it, with the forms that Welsh has", () => {
    setStrings({ "Item {number}": "Eitem {number}", "{n} votes": "{n} pleidlais", "{n} votes|two": "{n} bleidlais" }, "cy");
    expect(t("Item {number}", { number: "6" })).toBe("Eitem 6");
    expect(tn("{n} vote", "{n} votes", 2)).toBe("2 bleidlais");
    expect(tn("{n} vote", "{n} votes", 8)).toBe("8 pleidlais");
    setStrings({}, "en");
  });
});
