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

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}
