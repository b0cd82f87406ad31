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
    const { before, times: { lookMs, patienceMs } } = this;
    const moved = Math.abs(now.position - before.position);
    const come = now.pieces !== before.pieces;
    this.before = now;
    // A skip moves further than playing does between two looks, and does not show by itself that it has helped.
    if (moved > 0 && moved < 2 * lookMs / 1000) this.skipped = false;
    if (!now.playing || moved > 0 || come) {
      this.begin(now);
      return "well";
    }
    this.quiet += lookMs;
    if (this.quiet < patienceMs || now.playlists - this.playlists < PLAYLISTS) return "well";
    this.begin(now);
    const verdict = this.skipped ? "lost" : "skip";
    this.skipped = true;
    return verdict;
  }

  private begin({ playlists }: Progress): void {
    this.quiet = 0;
    this.playlists = playlists;
  }
}
