import { afterEach, expect, test } from "vitest";
import { day } from "../src/shared/format";
import { setStrings } from "../src/shared/i18n";

const EVENING = Date.UTC(2026, 11, 7, 18, 30);

afterEach(() => setStrings({}, "en"));

test("a day in English", () => expect(day(EVENING)).toBe("Monday 7 December 2026"));

test("a day in a language of which the browser knows no dates", () => {
  setStrings({ Monday: "Dydd Llun", December: "Rhagfyr" }, "cy");
  expect(day(EVENING)).toBe("Dydd Llun 7 Rhagfyr 2026");
});

test("the day is that of the council", () => expect(day(Date.UTC(2026, 6, 1, 23, 30))).toBe("Thursday 2 July 2026"));
