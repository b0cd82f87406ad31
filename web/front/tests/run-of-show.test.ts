import { describe, expect, it } from "vitest";
import { expectedEnd, timesWords } from "../src/console/expected";
import { nextItem, undoWords, undoable } from "../src/console/agenda";
import { about, expectedTimes, putOffWords } from "../src/shared/timetable";
import { item, meeting, staff } from "./canned";

describe("the run of show", () => {
  it("goes from nothing to the first item, over headings, and ends", () => {
    const agenda = [item(1), { ...item(2), heading: true }, item(3)];
    expect(nextItem({ ...meeting, agenda, now_item_id: null })?.id).toBe(1);
    expect(nextItem({ ...meeting, agenda, now_item_id: 1 })?.id).toBe(3);
    expect(nextItem({ ...meeting, agenda, now_item_id: 3 })).toBeNull();
    expect(nextItem({ ...meeting, state: "ended", agenda, now_item_id: null })).toBeNull();
  });

  it("offers to undo a step to who made it, while there is time", () => {
    const step = { step: 7, action: "item.next", by: "Sam", label: "2. Budget", until_ms: 31_000 };
    const undo = [{ ...step, step: 6, by: "Kim" }, step];
    expect(undoable({ ...staff, undo }, "Sam", 30_999)).toEqual(step);
    expect(undoWords(step)).toBe("Undo: go to 2. Budget");
    expect(undoWords({ ...step, action: "speaker.finish", label: "Sam Lee" })).toBe("Undo: take Sam Lee off");
    expect(undoable({ ...staff, undo }, "Sam", 31_000)).toBeNull();
    expect(undoable({ ...staff, undo }, "Alex", 2000)).toBeNull();
    expect(undoable({ ...staff, undo: [] }, "Sam", 2000)).toBeNull();
  });
});

describe("expected and elapsed minutes", () => {
  const MINUTE = 60_000;
  // The programme began at 0, the first item with it; the second is expected after ten minutes, the third after five more.
  const planned = {
    ...meeting,
    agenda: [{ ...item(1), minutes: 10, seconds: 0 }, { ...item(2), minutes: 5, expected_ms: 10 * MINUTE }, { ...item(3), minutes: 20, expected_ms: 15 * MINUTE }],
    index: [{ seconds: 0, kind: "item", label: "1.", item_id: 1, question_id: null }],
  };
  const [first, second, third] = planned.agenda as [typeof planned.agenda[0], typeof planned.agenda[0], typeof planned.agenda[0]];

  it("count an item against what is expected of it", () => {
    expect(timesWords(planned, first, 4.5 * MINUTE)).toBe("4 of 10 min");
    expect(timesWords(planned, { ...first, minutes: null }, 4.5 * MINUTE)).toBe("4 min");
    expect(timesWords(planned, second, 4 * MINUTE)).toBe("01:10 · 5 min");
    expect(timesWords(planned, item(4), 4 * MINUTE)).toBe("");
  });

  it("move everything that comes by as much as the meeting is late, and nothing when it is early", () => {
    expect(expectedTimes(planned, 3 * MINUTE)).toEqual(new Map([[2, 10 * MINUTE], [3, 15 * MINUTE]]));
    expect(expectedTimes(planned, 13 * MINUTE)).toEqual(new Map([[2, 13 * MINUTE], [3, 18 * MINUTE]]));
    expect(expectedEnd(planned, 13 * MINUTE)).toBe(38 * MINUTE);
    expect(about(13 * MINUTE)).toBe(15 * MINUTE);
    expect(about(15 * MINUTE)).toBe(15 * MINUTE);
  });

  it("add up when the meeting comes back to an item, and stop when it is over", () => {
    const index = [[0, 1], [600, 2], [900, 1]].map(([seconds, item_id]) => ({ ...planned.index[0], seconds, item_id })) as typeof planned.index;
    const back = { ...planned, index };
    expect(timesWords(back, first, 20 * MINUTE)).toBe("15 of 10 min");
    expect(timesWords(back, second, 20 * MINUTE)).toBe("5 of 5 min");
    expect(timesWords({ ...back, state: "ended", ended_ms: 16 * MINUTE }, first, 99 * MINUTE)).toBe("11 of 10 min");
  });

  it("tell no end while an item to come has no minutes", () => {
    expect(expectedEnd({ ...planned, agenda: [first, second, { ...third, minutes: null }] }, 0)).toBeNull();
    expect(expectedEnd({ ...planned, agenda: [first, { ...second, minutes: null }, { ...third, expected_ms: null }] }, 0)).toBeNull();
  });
});

describe("an item that is put off to another meeting", () => {
  const agenda = [item(1), { ...item(2), state: "put_off" as const, put_off_to: "2026-12-03" }, item(3)];

  it("is not next, and says where it went", () => {
    expect(nextItem({ ...meeting, agenda, now_item_id: 1 })?.id).toBe(3);
    expect(agenda.map(putOffWords)).toEqual(["", "Deferred to the meeting of Thursday 3 December 2026.", ""]);
    expect(putOffWords({ ...item(2), state: "put_off", put_off_to: null })).toBe("Deferred to a later meeting.");
  });
});
