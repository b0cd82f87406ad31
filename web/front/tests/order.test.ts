import { describe, expect, it } from "vitest";
import { inOrder, movedUp, nextStep } from "../src/console/queue";
import { SetPoints, secondsLeft, stands, urgency } from "../src/shared/countdown";
import type { SpeakerRow, SpeakerState } from "../src/shared/wire";
import { item } from "./canned";

const row = (id: number, state: SpeakerState, rank: number | null = null, item_id = 1): SpeakerRow => ({
  id, name: `R${id}`, state, item_id, rank, summary: "", email: "", phone: "", place: id, seconds: 180, timer: null, device_check: {},
});
const business = { now_item_id: 1, agenda: [1, 9, 5].map(item) };
const ids = (rows: SpeakerRow[]): number[] => inOrder(rows, business).map((one) => one.id);

describe("the officers' order", () => {
  it("comes before item and place, and who came later stands behind", () => {
    expect(ids([row(1, "checked_in"), row(2, "checked_in", 2), row(3, "checked_in", 1, 9)])).toEqual([3, 2, 1]);
    expect(nextStep([row(1, "checked_in", 2), row(2, "checked_in", 1, 9)], business)).toMatchObject({ command: "speaker.call", row: { id: 2 } });
  });

  it("leaves the rest as the agenda has it now, and those of the current item first", () => {
    expect(ids([row(1, "checked_in", null, 5), row(2, "checked_in", null, 9), row(3, "checked_in")])).toEqual([3, 2, 1]);
  });

  it("does not move who is called or on air", () => {
    expect(ids([row(1, "called", 9), row(2, "called", 1), row(3, "on_air", 7)])).toEqual([3, 1, 2]);
  });

  it("moves one up, in the whole list of those who are ready or expected", () => {
    const rows = [row(1, "checked_in"), row(2, "checked_in"), row(3, "confirmed"), row(4, "called"), row(5, "confirmed")];
    expect(movedUp(rows, business, 2)).toEqual([2, 1, 3, 5]);
    expect(movedUp(rows, business, 5)).toEqual([1, 2, 5, 3]);
    expect(movedUp(rows, business, 1), "nobody is above").toBeNull();
    expect(movedUp(rows, business, 3), "who is ready comes before who is expected").toBeNull();
    expect(movedUp(rows, business, 4)).toBeNull();
  });
});

describe("who speaks on an item of another meeting", () => {
  it("is called by no key, and comes behind the others", () => {
    const elsewhere = { ...business, agenda: business.agenda.map((one) => (one.id === 9 ? { ...one, state: "put_off" as const } : one)) };
    expect(inOrder([row(1, "checked_in", 1, 9), row(2, "checked_in", 2)], elsewhere).map((one) => one.id)).toEqual([2, 1]);
    expect(nextStep([row(1, "checked_in", 1, 9)], elsewhere)).toBeNull();
    expect(nextStep([row(1, "called", 1, 9)], elsewhere)).toMatchObject({ command: "speaker.admit" });
  });
});

describe("time that stands still", () => {
  const runs = { ends_ms: 180_000, seconds: 180 };
  const still = { ends_ms: 0, seconds: 180, left_ms: 40_000 };

  it("is the same at any moment", () => {
    expect([stands(runs), stands(still)]).toEqual([false, true]);
    for (const now of [0, 500_000]) expect([secondsLeft(still, now), urgency(still, now)]).toEqual([40, "amber"]);
  });

  it("says no set point while it stands, and the next when it goes on", () => {
    const points = new SetPoints();
    points.passed(runs, 130_000);
    expect(points.passed(still, 160_000)).toBeNull();
    const again = { ends_ms: 400_000, seconds: 180 };
    expect(points.passed(again, 360_000)).toBeNull();
    expect(points.passed(again, 370_000)).toBe(30);
  });
});
