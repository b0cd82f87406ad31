import { describe, expect, it } from "vitest";
import { disagreement, publicSees, publicWord } from "../src/console/public-state";
import type { GateState, MeetingState } from "../src/shared/wire";
import { engine, meeting } from "./canned";

describe("what the public have", () => {
  const word = (state: MeetingState, gate: GateState | null): string =>
    publicWord({ ...meeting, state }, gate === null ? null : engine(gate));

  it("is one word, and the gate's own counts more than the database's", () => {
    expect(word("scheduled", null)).toBe("OFF");
    expect(word("pre_show", "waiting")).toBe("SLATE");
    expect(word("live", "open")).toBe("LIVE");
    expect(word("live", "technical")).toBe("SLATE");
    expect(word("private", "private")).toBe("PRIVATE");
    expect(word("live", "private")).toBe("PRIVATE");
    expect(word("live", null)).toBe("OFF");
    expect(word("published", null)).toBe("OFF");
  });

  it("is said in a sentence", () => {
    expect(publicSees(meeting, engine("open"))).toBe("The public see and hear the room.");
    expect(publicSees({ ...meeting, state: "private" }, engine("private"))).toContain("excluded");
    const after = (["ended", "published", "withheld", "expired"] as const).map((state) => publicSees({ ...meeting, state }, null));
    expect(after).toEqual([
      "The public see no programme.", "The public can watch the recording.", "The recording is withheld from the public.",
      "The recording has been deleted. The public see the page and the agenda.",
    ]);
  });

  it("alarms when gate and database disagree", () => {
    expect(disagreement({ ...meeting, state: "private" }, engine("open"))).toContain("Press CUT");
    expect(disagreement(meeting, engine("technical"))).toContain("closed");
    expect(disagreement(meeting, engine("open"))).toBeNull();
  });
});
