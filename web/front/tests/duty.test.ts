/** Who runs the meeting, as each console says it. */

import { describe, expect, it } from "vitest";
import { dutyWords, onDuty, others } from "../src/console/duty";
import type { DutyView } from "../src/shared/wire";
import { staff } from "./canned";

const ann = { staff_id: 1, name: "Ann" };
const bob = { staff_id: 2, name: "Bob" };
const of = (duty: Partial<DutyView>) => ({ ...staff, clerks: [ann, bob], duty: { officer: ann, here: true, offered_to: null, note: "", ...duty } });

describe("who runs the meeting", () => {
  it("is said to everybody from where they stand", () => {
    expect(dutyWords(of({}), 1)).toBe("You run the meeting.");
    expect(dutyWords(of({}), 2)).toBe("Ann runs the meeting.");
    expect(dutyWords(of({ here: false }), 2)).toBe("Ann runs the meeting and has closed the console.");
    expect(dutyWords(of({ officer: null, here: false }), 2)).toBe("Nobody runs the meeting yet.");
  });

  it("has the alarms; everybody has them when nobody is there who does", () => {
    expect([onDuty(of({}), 1), onDuty(of({}), 2)]).toEqual([true, false]);
    expect(onDuty(of({ here: false }), 2)).toBe(true);
    expect(onDuty(of({ officer: null, here: false }), 2)).toBe(true);
    expect(onDuty(staff, 2)).toBe(true);
  });

  it("can be handed over to the others who are here", () => {
    expect(others(of({}), 1)).toEqual([bob]);
    expect(others(staff, 1)).toEqual([]);
  });
});
