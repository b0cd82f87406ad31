import { h, render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ServerClock } from "../src/shared/clock";
import { Cue } from "../src/speaker/cue";
import { BigTimer } from "../src/speaker/on-air";
import type { Room } from "../src/speaker/room";

/** As much of Web Audio as a tone needs. */
class Silence {
  currentTime = 0;
  destination = {};
  state = "running";
  createOscillator = (): object => this.node();
  createGain = (): object => this.node();
  resume = async (): Promise<void> => undefined;
  private node(): object {
    const parameter = { value: 0, setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
    const node = { frequency: parameter, gain: parameter, connect: (next: object) => next, start: () => undefined, stop: () => undefined };
    return node;
  }
}

const SERVER = 1_800_000_000_000;
/** The device's clock is three hours slow. */
const WRONG = -3 * 3_600_000;

let now = SERVER;
let page: HTMLElement;
let said: string[];
let before: string;

/** Another object for each drawing: the page is drawn again by its ticks, which are not those of this test. */
function drawn(clock: ServerClock): Room {
  return { clock } as unknown as Room;
}

function heardOnce(): ServerClock {
  const clock = new ServerClock(() => now + WRONG);
  clock.heard(now);
  return clock;
}

/** Draw again every quarter of a second, as the page does, and gather what the live region says. */
async function play(seconds: number, draw: () => void): Promise<void> {
  for (let quarter = 0; quarter <= seconds * 4; quarter += 1) {
    await act(draw);
    gather();
    now += 250;
  }
}

const region = (): string => document.querySelector("body > [role=status][aria-live=polite]")?.textContent ?? "";

/** Words that are said again differ from those before by a space that is not seen. */
function gather(): void {
  if (region() !== before) said.push(region().trim());
  before = region();
}

beforeEach(() => {
  vi.stubGlobal("AudioContext", Silence);
  now = SERVER;
  said = [];
  page = document.body.appendChild(document.createElement("div"));
  before = region();
});

afterEach(() => {
  vi.unstubAllGlobals();
  render(null, page);
  page.remove();
});

describe("the large timer", () => {
  it("says each set point into the live region once, and shows the time of the server", async () => {
    const clock = heardOnce();
    const timer = { ends_ms: SERVER + 180_000, seconds: 180 };
    await act(() => render(h(BigTimer, { room: drawn(clock), timer }), page));
    expect(page.querySelector(".mh-timer__time")?.textContent).toBe("3:00");
    await play(185, () => render(h(BigTimer, { room: drawn(clock), timer }), page));
    expect(said).toEqual([
      "Half of your time has gone. 1 minute 30 seconds left.", "1 minute left.", "30 seconds left.", "10 seconds left.", "Your time is up. Please finish.",
    ]);
    expect(page.querySelector(".mh-timer__time")?.textContent).toBe("−0:05");
    expect(page.querySelector("[role=timer]")?.closest("[aria-live]"), "the figures are not read out").toBeNull();
  });

  it("speaks of time that was added, once more", async () => {
    const clock = heardOnce();
    let timer = { ends_ms: SERVER + 65_000, seconds: 180 };
    const draw = (): void => render(h(BigTimer, { room: drawn(clock), timer }), page);
    await play(40, draw);
    timer = { ends_ms: now + 35_000, seconds: 210 };
    await play(6, draw);
    expect(said).toEqual(["1 minute left.", "30 seconds left.", "30 seconds left."]);
  });
});

describe("the countdown before the air", () => {
  it("counts 5 to 1, and is said once", async () => {
    const clock = heardOnce();
    const shown: string[] = [];
    await play(6, () => {
      render(h(Cue, { room: drawn(clock), at: SERVER + 5000 }), page);
      const words = page.textContent ?? "";
      if (shown.at(-1) !== words) shown.push(words);
    });
    expect(shown.map((words) => words.replace(/\s+/g, " "))).toEqual([
      "You will be on air in 5", "You will be on air in 4", "You will be on air in 3", "You will be on air in 2", "You will be on air in 1", "You will be on air now.",
    ]);
    expect(said).toEqual(["You will be on air in 5 seconds."]);
  });
});
