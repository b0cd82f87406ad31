/** Votes of members, as they are pasted and as voting systems export them. */

import { describe, expect, it } from "vitest";
import { cells, parseVotes } from "../src/console/votes";

const NOTHING = { totals: {}, wrong: [], twice: [] };

describe("names and votes", () => {
  it("are read as people paste them", () => {
    const text = "Cllr Jane Doe: for\n\nDoe, John, against\nCllr Ash\tAbstained.\nCllr Birch; AYE";
    expect(parseVotes(text)).toEqual({
      ...NOTHING, names: { "Cllr Jane Doe": "for", "Doe, John": "against", "Cllr Ash": "abstain", "Cllr Birch": "for" },
    });
  });

  it("that are not understood, or come twice, are told", () => {
    expect(parseVotes("Cllr Jane Doe\nCllr Ash: perhaps").wrong).toEqual(["Cllr Jane Doe", "Cllr Ash: perhaps"]);
    expect(parseVotes("Cllr Ash: for\nCllr Ash: against")).toEqual({ ...NOTHING, names: { "Cllr Ash": "for" }, twice: ["Cllr Ash"] });
  });

  it("may be totals alone, or come with them", () => {
    expect(parseVotes("For: 7\nAgainst, 4\nAbstentions\t1")).toEqual({ ...NOTHING, names: {}, totals: { for: 7, against: 4, abstain: 1 } });
    expect(parseVotes("Cllr Ash: for\nFor: 1")).toEqual({ ...NOTHING, names: { "Cllr Ash": "for" }, totals: { for: 1 } });
  });

  it("come out of a table with a column for the vote, whatever else is in it", () => {
    const file = '\ufeffSeat,Member,Party,Vote\r\n1,"Doe, Jane",Independent,For\r\n2,Tom Ash,Labour,Against\r\n3,Ann Elm,Green,\r\n4,Ian Oak,,Apologies\r\n';
    expect(parseVotes(file)).toEqual({ ...NOTHING, names: { "Doe, Jane": "for", "Tom Ash": "against" } });
  });

  it("come out of a table with a column for each vote", () => {
    const file = "Councillor;For;Against;Abstain\nJane Doe;X;;\nTom Ash;;x;\nAnn Elm;;;1\nIan Oak;;;";
    expect(parseVotes(file)).toEqual({ ...NOTHING, names: { "Jane Doe": "for", "Tom Ash": "against", "Ann Elm": "abstain" } });
  });

  it("of a table that says two things of one member, or something else, are told", () => {
    expect(parseVotes("Name\tFor\tAgainst\nJane Doe\tX\tX").wrong).toEqual(["Jane Doe\tX\tX"]);
    expect(parseVotes("Name,Vote\nJane Doe,perhaps\n,for").wrong).toEqual(["Jane Doe,perhaps", ",for"]);
    expect(parseVotes("Name,Party\nJane Doe,Green").wrong).toEqual(["Jane Doe,Green"]);
  });

  it("stand in cells that may be quoted", () => {
    expect(cells('"a ""b"", c" , d,"e', ",")).toEqual(['a "b", c', "d", "e"]);
  });

  it("are none of nothing", () => {
    expect(parseVotes("")).toEqual({ ...NOTHING, names: {} });
  });
});
