/** Whether playing has come to nothing although there is more to play: one look after the other, no I/O. */

export interface StandstillTimes {
  /** Between two looks. */
  lookMs: number;
  /** How long nothing may be played and nothing come. Whoever has a slow line gets a piece now and then. */
  patienceMs: number;
}

export const TIMES: StandstillTimes = { lookMs: 500, patienceMs: 4000 };
/** Playlists that have come meanwhile: so the server is there, and has more. */
const PLAYLISTS = 2;

export interface Progress {
  /** Whether it should play. */
  playing: boolean;
  /** Seconds, of the element. */
  position: number;
  /** How many pieces and how many playlists have come in all. */
  pieces: number;
  playlists: number;
}

/** `skip`: go on behind what is missing. `lost`: that did not help. */
export type Verdict = "well" | "skip" | "lost";

export class Standstill {
  private before: Progress = { playing: false, position: -1, pieces: 0, playlists: 0 };
  private playlists = 0;
  private quiet = 0;
  private skipped = false;

  constructor(private readonly times: StandstillTimes = TIMES) {}

  look(now: Progress): Verdict {
    const { before } = this;
    this.before = now;
    const plays = now.position !== before.position;
    if (!now.playing || plays || now.pieces !== before.pieces) {
      this.quiet = 0;
      this.playlists = now.playlists;
      // A skip moves the position as well, so one piece of playing does not show that it has helped.
      if (plays && before.playing) this.skipped &&= this.landing(now, before);
      return "well";
    }
    this.quiet += this.times.lookMs;
    if (this.quiet < this.times.patienceMs || now.playlists - this.playlists < PLAYLISTS) return "well";
    this.quiet = 0;
    this.playlists = now.playlists;
    const verdict = this.skipped ? "lost" : "skip";
    this.skipped = true;
    return verdict;
  }

  private landing(now: Progress, before: Progress): boolean {
    return Math.abs(now.position - before.position) > 2 * this.times.lookMs / 1000;
  }
}
