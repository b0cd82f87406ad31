/** The data that the server put into the page. */

import { setSentences, setStrings } from "./i18n";

export interface PageData {
  strings: Record<string, string>;
  sentences?: string[];
  socket: string;
  device?: string;
}

/** Reads `#page-data` and hands its strings to the catalogue. Throws when the page has none. */
export function readPage<T extends PageData>(): T {
  const element = document.getElementById("page-data");
  if (!element?.textContent) throw new Error("This page has no #page-data.");
  const data = JSON.parse(element.textContent) as T;
  setStrings(data.strings, document.documentElement.lang || "en");
  setSentences(data.sentences ?? []);
  return data;
}
