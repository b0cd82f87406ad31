/** Words in the page's language. The English text is the key; `strings.mjs` collects all of them from the sources. */

let strings: Record<string, string> = {};
let language = "en";
let plurals = new Intl.PluralRules(language);

export type Values = Record<string, string | number>;

export function setStrings(catalogue: Record<string, string>, lang: string): void {
  strings = catalogue;
  language = lang;
  plurals = new Intl.PluralRules(lang);
}

/** The language that dates and numbers are written in. */
export function locale(): string {
  return language === "en" ? "en-GB" : language;
}

/** A text, with `{name}` replaced. */
export function t(key: string, values: Values = {}): string {
  return fill(strings[key] || key, values);
}

/**
 * A text that depends on `n`, which it may show as `{n}`. A language with more forms than English gives them as
 * `"many|CATEGORY"`, with the names of CLDR.
 */
export function tn(one: string, many: string, n: number, values: Values = {}): string {
  const category = plurals.select(n);
  const text = strings[`${many}|${category}`] || (category === "one" ? strings[one] || one : strings[many] || many);
  return fill(text, { n, ...values });
}

let patterns: { text: string; pattern: RegExp }[] = [];

/** The sentences of the server that this page may be told, with `%(name)s` for what differs. The longest are tried first. */
export function setSentences(sentences: readonly string[]): void {
  const escaped = (text: string): string => text.replace(/[.*+?^${}|[\]\\()]/g, "\\$&");
  patterns = [...sentences].sort((a, b) => b.length - a.length).map((text) => ({
    text, pattern: new RegExp(`^${escaped(text).replace(/%\\\((\w+)\\\)s/g, "(?<$1>.+?)")}$`),
  }));
}

/** A sentence of the server in the page's language; null when nobody translated it. */
export function said(sentence: string): string | null {
  if (language === "en") return sentence;
  for (const { text, pattern } of patterns) {
    const found = pattern.exec(sentence);
    if (found) return (strings[text] ?? text).replace(/%\((\w+)\)s/g, (_, name: string) => found.groups?.[name] ?? "");
  }
  return null;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
