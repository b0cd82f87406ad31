/** Whether media still comes, and what to do when it does not: one look after the other, no I/O. */

import type { Outcome } from "./restart";

export interface VigilTimes {
  /** Between two looks. */
  lookMs: number;
  /** Sound always ticks, so this long without a byte is no accident. A restart costs a request and disturbs nobody. */
  restartMs: number;
  /** How long nothing may come before the viewer is told, and before a session counts as lost that cannot be helped. */
  silenceMs: number;
  /** The same from an agreed restart on: time for a path to be found. */
  pathMs: number;
  /** The same while nothing answers: a session outlives a lift or a tunnel, and goes on by itself. */
  awayMs: number;
}

/** Bytes that have come in all. */
export interface Received {
  media: number;
  /** Whatever came by the session's path. Reports do once a second, also when there is no studio for the moment. */
  path: number;
}

/** A relay that dies is back within a second; a viewer of one has lost less than three. */
export const TIMES: VigilTimes = { lookMs: 300, restartMs: 600, silenceMs: 1500, pathMs: 1500, awayMs: 10_000 };

export type Verdict = "well" | "wait" | "restart" | "lost";

export class Vigil {
  private before: Received = { media: -1, path: -1 };
  private quiet = 0;
  private heardAt = 0;
  private trying = false;
  private outcome: Outcome | null = null;
  private agreedAt = 0;

  constructor(private readonly times: VigilTimes = TIMES) {}

  /** Whether nothing has come for so long that the viewer sees it. */
  get silent(): boolean {
    return this.quiet >= this.times.silenceMs;
  }

  /** One look at how much has come in all. */
  look(received: Received, state: RTCPeerConnectionState): Verdict {
    const connected = state !== "disconnected" && state !== "failed";
    if (received.media > this.before.media && connected) {
      this.quiet = this.heardAt = 0;
      this.outcome = null;
    } else {
      this.quiet += this.times.lookMs;
      if (received.path > this.before.path && connected) this.heardAt = this.quiet;
    }
    this.before = received;
    if (state === "closed" || this.outcome === "gone" || this.quiet >= this.patience) return "lost";
    if (this.quiet < this.times.restartMs) return "well";
    if (this.trying || (this.outcome !== null && this.outcome !== "unanswered")) return "wait";
    this.trying = true;
    return "restart";
  }

  /** What became of the restart that the last look asked for. */
  tried(outcome: Outcome): void {
    this.trying = false;
    this.outcome = outcome;
    this.agreedAt = this.quiet;
  }

  private get patience(): number {
    if (this.trying || this.outcome === "unanswered") return this.times.awayMs;
    if (this.outcome !== "agreed") return this.times.silenceMs;
    // A relay that is heard has nothing to send: another session would not have more.
    return this.heardAt > this.agreedAt ? this.times.awayMs : this.agreedAt + this.times.pathMs;
  }
}
