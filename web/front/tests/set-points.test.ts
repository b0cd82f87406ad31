import { describe, expect, it } from "vitest";
import { SetPoints, setPoints } from "../src/shared/countdown";
import type { Timer } from "../src/shared/wire";

/** The same draws for the same seed (mulberry32). */
function draws(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** A slot and whoever looks at it: time passes, is given, stands still and goes on; pages are loaded anew. */
class Walk {
  private now = 1_000_000;
  private timer: Timer = { ends_ms: this.now + 180_000, seconds: 180 };
  private points = new SetPoints();
  /** What was left when this page looked last, while it is of one and the same end. */
  private before: number | null = null;
  readonly said: number[] = [];

  constructor(private readonly draw: (below: number) => number) {}

  step(): void {
    const kind = this.draw(10);
    if (kind === 0) this.change({ ends_ms: this.timer.ends_ms + 30_000, seconds: this.timer.seconds + 30, left_ms: this.plus(30_000) });
    else if (kind === 1 && this.timer.left_ms == null) this.change({ ...this.timer, ends_ms: 0, left_ms: this.timer.ends_ms - this.now });
    else if (kind === 2 && this.timer.left_ms != null) this.change({ ...this.timer, ends_ms: this.now + this.timer.left_ms, left_ms: null });
    else if (kind === 3) [this.points, this.before] = [new SetPoints(), null];
    else this.now += this.draw(3) ? this.draw(2000) : this.draw(40_000);
    this.look();
  }

  private plus(ms: number): number | null {
    return this.timer.left_ms == null ? null : this.timer.left_ms + ms;
  }

  private change(timer: Timer): void {
    this.timer = timer.left_ms == null ? timer : { ...timer, ends_ms: 0 };
    this.before = null;
  }

  private look(): void {
    const point = this.points.passed(this.timer, this.now);
    if (this.timer.left_ms != null) {
      expect(point).toBeNull();
      return;
    }
    const left = Math.ceil((this.timer.ends_ms - this.now) / 1000);
    const { before } = this;
    const crossed = before === null ? [] : setPoints(this.timer.seconds).filter((one) => before > one && one >= left);
    expect(point).toBe(crossed.length ? Math.min(...crossed) : null);
    this.before = left;
    if (point !== null) this.said.push(point);
  }
}

describe("set points, whatever happens to the time", () => {
  it("are said when they are passed, once, and never while the time stands", () => {
    const said = Array.from({ length: 400 }, (_, seed) => {
      const walk = new Walk(draws(seed));
      for (let step = 0; step < 60; step += 1) walk.step();
      return walk.said;
    }).flat();
    for (const point of [90, 60, 30, 10, 0]) expect(said.filter((one) => one === point).length, `${point}`).toBeGreaterThan(3);
  });
});
