import { describe, expect, it } from "vitest";
import { Standstill, TIMES, type Progress, type Verdict } from "../src/player/standstill";

const LOOKS = TIMES.patienceMs / TIMES.lookMs;

/** A player at which some things go on, look by look. */
class Player {
  readonly standstill = new Standstill();
  readonly now: Progress = { playing: true, position: 100, pieces: 10, playlists: 10 };

  /** What is said at each look. */
  look(times: number, change: (now: Progress) => void = () => {}): Verdict[] {
    return Array.from({ length: times }, () => {
      change(this.now);
      return this.standstill.look({ ...this.now });
    });
  }
}

const well = (count: number): Verdict[] => Array<Verdict>(count).fill("well");
const listing = (now: Progress): void => void (now.playlists += 1);

describe("a player at a standstill", () => {
  it("is none while it plays, while pieces come, or while nobody wants it to play", () => {
    const player = new Player();
    expect(player.look(30, (now) => { now.position += 0.5; listing(now); })).toEqual(well(30));
    expect(player.look(30, (now) => { now.pieces += 1; listing(now); })).toEqual(well(30));
    expect(player.look(30, (now) => { now.playing = false; listing(now); })).toEqual(well(30));
  });

  it("is none where no playlist comes: there is nothing more to play", () => {
    expect(new Player().look(60)).toEqual(well(60));
  });

  it("goes on behind what is missing after four seconds, and begins anew when that does not help", () => {
    const player = new Player();
    expect(player.look(LOOKS + 1, listing)).toEqual([...well(LOOKS), "skip"]);
    player.now.position += 20;
    expect(player.look(LOOKS + 1, listing)).toEqual([...well(LOOKS), "lost"]);
  });

  it("may skip again once it has played", () => {
    const player = new Player();
    player.look(LOOKS + 1, listing);
    player.now.position += 20;
    player.look(1);
    player.look(4, (now) => { now.position += 0.5; listing(now); });
    expect(player.look(LOOKS, listing)).toEqual([...well(LOOKS - 1), "skip"]);
  });
});
