// Finds every text of the islands: the first argument of t() and the two of tn(), which must be literals.
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const LITERAL = String.raw`"((?:[^"\\]|\\.)*)"`;
const ONE = new RegExp(String.raw`\bt\(\s*${LITERAL}`, "g");
const MANY = new RegExp(String.raw`\btn\(\s*${LITERAL},\s*${LITERAL}`, "g");
const CALL = /\btn?\(/g;
const DEFINITION = /function tn?\(/g;

const unescape = (text) => JSON.parse(`"${text}"`);

/** The English texts in one source, and how many calls there are. */
export function stringsIn(source) {
  const keys = [];
  for (const [, text] of source.matchAll(ONE)) keys.push(unescape(text));
  for (const [, one, many] of source.matchAll(MANY)) keys.push(unescape(one), unescape(many));
  const calls = [...source.matchAll(CALL)].length - [...source.matchAll(DEFINITION)].length;
  const found = [...source.matchAll(ONE)].length + [...source.matchAll(MANY)].length;
  return { keys, calls, found };
}

/** Every source file below a directory. */
export async function sources(directory) {
  const entries = await readdir(directory, { recursive: true });
  return entries.filter((name) => /\.tsx?$/.test(name)).map((name) => join(directory, name)).sort();
}

/** All texts, sorted, each once. */
export async function stringKeys(directory) {
  const keys = new Set();
  for (const file of await sources(directory)) {
    for (const key of stringsIn(await readFile(file, "utf8")).keys) keys.add(key);
  }
  return [...keys].sort();
}
