/** The votes of members as they are pasted, or as a voting system writes them into a file. */

import type { Said } from "../shared/wire";

export interface Votes {
  names: Record<string, Said>;
  /** Totals that stand in the text by themselves. */
  totals: Partial<Record<Said, number>>;
  /** Lines of which nothing can be made. */
  wrong: string[];
  /** Members who are named more than once. */
  twice: string[];
}

const SAID: Record<string, Said> = {
  for: "for", f: "for", yes: "for", y: "for", aye: "for", against: "against", a: "against", no: "against", n: "against", nay: "against",
  abstain: "abstain", abstained: "abstain", abstention: "abstain", abstentions: "abstain", abs: "abstain",
};
const NAME = /^(name|member|councillor|cllr|delegate|voter|surname)s?\b/i;
const VOTE = /^(vote|voted|choice|decision|response|result)s?\b/i;
/** Of a member who did not vote. */
const NOTHING = /^(|-|–|absent|apologies|not present|did not vote|no vote|not voting|declared.*)$/i;
const MARK = /^(x|1|true|yes|y|✓|✔|•)$/i;

const saidBy = (cell: string): Said | undefined => SAID[cell.toLowerCase().replace(/[.:]$/, "")];

/** A line of a table: cells in quotes may have the separator in them, and a quote twice is one (RFC 4180). */
export function cells(line: string, separator: string): string[] {
  const found: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? "";
    if (quoted && sign === '"' && line[at + 1] === '"') {
      cell += sign;
      at += 1;
    } else if (sign === '"' && (quoted || !cell.trim())) quoted = !quoted;
    else if (sign === separator && !quoted) {
      found.push(cell.trim());
      cell = "";
    } else cell += sign;
  }
  return [...found, cell.trim()];
}

/** One line each: "Cllr Jane Doe: for", "Doe, Jane, against", a table with a heading, or a total, "For: 7". */
export function parseVotes(text: string): Votes {
  const votes: Votes = { names: {}, totals: {}, wrong: [], twice: [] };
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/).filter((line) => line.trim());
  const separator = ["\t", ";", ","].find((sign) => lines[0]?.includes(sign)) ?? ",";
  const heading = cells(lines[0] ?? "", separator);
  const read = heading.some((cell) => NAME.test(cell)) && heading.length > 1 ? ofTable(heading, separator) : ofLine;
  for (const line of read === ofLine ? lines : lines.slice(1)) {
    const total = /^\s*"?([a-z]+)"?\s*[:,;\t]\s*"?(\d{1,3})"?\s*$/i.exec(line);
    const kind = total && saidBy(total[1] ?? "");
    if (kind) {
      votes.totals[kind] = Number(total[2]);
      continue;
    }
    const found = read(line);
    if (!found) votes.wrong.push(line.trim());
    else if (found.said && found.name in votes.names) votes.twice.push(found.name);
    else if (found.said) votes.names[found.name] = found.said;
  }
  return votes;
}

/** `said`: none of somebody who did not vote. */
type Read = (line: string) => { name: string; said?: Said } | null;

const ofLine: Read = (line) => {
  const parts = /^(.+?)\s*[:,;\t]\s*([a-z]+)\.?$/i.exec(line.trim());
  const said = saidBy(parts?.[2] ?? "");
  const name = parts?.[1]?.replace(/^"(.*)"$/, "$1");
  return name && said ? { name, said } : null;
};

/** A column with the vote, or one for each vote with a mark in it. */
function ofTable(heading: string[], separator: string): Read {
  const names = heading.flatMap((cell, at) => (NAME.test(cell) ? [at] : []));
  const vote = heading.findIndex((cell) => VOTE.test(cell));
  const columns = heading.flatMap((cell, at): [number, Said][] => {
    const said = names.includes(at) ? undefined : saidBy(cell);
    return said ? [[at, said]] : [];
  });
  return (line) => {
    const row = cells(line, separator);
    const name = names.map((at) => row[at] ?? "").filter(Boolean).join(" ");
    if (!name) return null;
    if (vote >= 0) {
      const said = saidBy(row[vote] ?? "");
      if (said) return { name, said };
      return NOTHING.test(row[vote] ?? "") ? { name } : null;
    }
    const marked = columns.filter(([at]) => MARK.test(row[at] ?? ""));
    if (!columns.length || marked.length > 1) return null;
    return marked[0] ? { name, said: marked[0][1] } : { name };
  };
}
