import { describe, expect, it } from "vitest";
import { SetPoints, clockText, clockWords, secondsLeft, setPoints, urgency } from "../src/shared/countdown";

const timer = { ends_ms: 180_000, seconds: 180 };

describe("speaking time", () => {
  it("shows whole seconds, and nought only at the end", () => {
    expect(secondsLeft(timer, 0)).toBe(180);
    expect(secondsLeft(timer, 179_001)).toBe(1);
    expect(secondsLeft(timer, 180_000)).toBe(0);
    expect(secondsLeft(timer, 185_000)).toBe(-5);
  });

  it("turns amber after 70 %, red in the last 10 %, and then is over", () => {
    expect(urgency(timer, 125_000)).toBe("calm");
    expect(urgency(timer, 126_000)).toBe("amber");
    expect(urgency(timer, 162_000)).toBe("red");
    expect(urgency(timer, 180_000)).toBe("over");
  });

  it("has set points that fit the length", () => {
    expect(setPoints(180)).toEqual([90, 60, 30, 10, 0]);
    expect(setPoints(120)).toEqual([60, 30, 10, 0]);
    expect(setPoints(30)).toEqual([10, 0]);
  });

  it("says each set point once", () => {
    const points = new SetPoints();
    const said: number[] = [];
    for (let now = 0; now <= 182_000; now += 250) {
      const point = points.passed(timer, now);
      if (point !== null) said.push(point);
    }
    expect(said).toEqual([90, 60, 30, 10, 0]);
  });

  it("says nothing of points that were past when the page was opened, and only the last of those slept through", () => {
    const points = new SetPoints();
    expect(points.passed(timer, 155_000)).toBeNull();
    expect(points.passed(timer, 181_000)).toBe(0);
  });

  it("begins anew when time is added", () => {
    const points = new SetPoints();
    points.passed(timer, 100_000);
    expect(points.passed(timer, 150_000)).toBe(30);
    const longer = { ends_ms: 210_000, seconds: 210 };
    expect(points.passed(longer, 151_000)).toBeNull();
    expect(points.passed(longer, 180_000)).toBe(30);
  });

  it("writes times for eyes and for ears", () => {
    expect(clockText(125)).toBe("2:05");
    expect(clockText(3725)).toBe("1:02:05");
    expect(clockText(-12)).toBe("−0:12");
    expect(clockWords(723)).toBe("12 minutes 3 seconds");
    expect(clockWords(0)).toBe("0 seconds");
  });
});
