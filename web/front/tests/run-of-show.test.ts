import { describe, expect, it } from "vitest";
import { nextItem, undoWords, undoable } from "../src/console/agenda";
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
