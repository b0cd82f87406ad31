import { describe, expect, it } from "vitest";
import { isOf } from "../src/console/feed-words";
import { nextStep } from "../src/console/queue";
import { answers, brief } from "../src/console/taking-part";
import type { SpeakerRow, SpeakerState } from "../src/shared/wire";

describe("the key for speakers", () => {
  const row = (id: number, state: SpeakerState, item_id = 1): SpeakerRow => ({
    id, name: `R${id}`, state, item_id, summary: "", email: "", phone: "", place: id, seconds: 180, timer: null, device_check: {},
  });

  const business = { now_item_id: 1, agenda: [] };

  it("takes off, admits, or calls, whichever is next", () => {
    expect(nextStep([row(1, "checked_in"), row(2, "on_air")], business)).toMatchObject({ command: "speaker.finish", row: { id: 2 } });
    expect(nextStep([row(1, "checked_in"), row(2, "called")], business)).toMatchObject({ command: "speaker.admit", row: { id: 2 } });
    expect(nextStep([row(1, "checked_in", 9), row(2, "checked_in", 1)], business)).toMatchObject({ command: "speaker.call", row: { id: 2 } });
    expect(nextStep([row(1, "confirmed")], business)).toBeNull();
  });

  it("finds a speaker's feed by the registration's number", () => {
    expect(isOf(row(12, "called"), "speaker-12")).toBe(true);
    expect(isOf(row(12, "called"), "12")).toBe(true);
    expect(isOf(row(2, "called"), "speaker-12")).toBe(false);
  });
});

describe("what a resident was asked", () => {
  const row: SpeakerRow = {
    id: 1, name: "Sam", state: "submitted", item_id: null, summary: "", email: "", phone: "", place: 1, seconds: 180, timer: null,
    device_check: {}, kind: "speak", side: "against", mode: "in_person", consent: "sound_only", access_needs: "A loop", late: true,
  };

  it("is under the name, in short", () => {
    expect(brief(row)).toEqual(["against", "sound only", "in the room", "access needs", "came late: the chair decides"]);
    expect(brief({ ...row, side: "", mode: "remote", consent: "picture_and_sound", access_needs: "", late: false })).toEqual([]);
    expect(brief({ ...row, kind: "statement", consent: "", access_needs: "", late: false, mode: "" })).toEqual(["against", "written statement"]);
  });

  it("is in the dialog in full", () => {
    const told = Object.fromEntries(answers({ ...row, spokesperson_for: "Friends of the Limes", text: "Keep them.", may_share: true }));
    expect(told).toMatchObject({ Side: "against", Needs: "A loop", "Speaks for": "Friends of the Limes", "In writing": "Keep them.", "May be broadcast": "sound only" });
  });
});
