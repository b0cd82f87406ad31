import { describe, expect, it } from "vitest";
import { nextUp } from "../src/display/app";
import type { SpeakerRow, StaffSnapshot } from "../src/shared/wire";
import { meeting } from "./canned";

const row = (id: number, state: SpeakerRow["state"], item_id: number | null, place: number): SpeakerRow =>
  ({ part: "speaker", id, name: `Speaker ${id}`, state, item_id, place }) as SpeakerRow;

const staff = (speakers: SpeakerRow[], now: number | null): StaffSnapshot =>
  ({ public: { ...meeting, now_item_id: now }, speakers }) as StaffSnapshot;

describe("the chamber's display", () => {
  it("names three at most, as they would be called: the called first, then those of the item that is now", () => {
    const waiting = [
      row(1, "checked_in", 5, 1), row(2, "checked_in", 6, 2), row(3, "called", 6, 3), row(4, "checked_in", 6, 4),
      row(5, "on_air", 6, 5), row(6, "confirmed", 6, 6), row(7, "done", 6, 7),
    ];
    expect(nextUp(staff(waiting, 6)).map((one) => one.id)).toEqual([3, 2, 4]);
  });

  it("names nobody when nobody is there", () => {
    expect(nextUp(staff([row(1, "submitted", 5, 1)], 5))).toEqual([]);
  });

  it("names nobody who still waited when the meeting ended", () => {
    const waiting = staff([row(1, "checked_in", 5, 1)], null);
    expect(nextUp({ ...waiting, public: { ...waiting.public, state: "ended" } })).toEqual([]);
  });
});
