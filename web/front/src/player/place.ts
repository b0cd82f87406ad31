/**
 * Where the viewer is, and how far behind live.
 *
 * Positions are seconds: programme time while the meeting is live, playback time in a recording.
 */

import { signal } from "@preact/signals";
import type { Connection } from "./connection";
import type { PlayerOptions } from "./options";
import type { Screen } from "./screen";

/** A viewer who is less than this behind what is possible counts as live. */
const EDGE_SECONDS = 6;

export interface Range {
  start: number;
  end: number;
}

export class Place {
  readonly position = signal(0);
  readonly range = signal<Range>({ start: 0, end: 0 });
  /** Seconds behind the server's now; null when it is not known. */
  readonly behind = signal<number | null>(null);
  readonly rewound = signal(false);
  /** The wall-clock moment at which a live viewer paused. */
  pausedAt: number | null = null;

  constructor(
    private readonly screen: Screen, private readonly connection: Connection, private readonly options: PlayerOptions,
  ) {
    this.position.value = options.startAt ?? 0;
    if (options.duration !== null) this.range.value = { start: 0, end: options.duration };
  }

  /** The wall-clock moment of a position, Unix ms. */
  dateOf(seconds: number): number | null {
    const epoch = this.options.epoch();
    return epoch === null ? null : epoch + seconds * 1000;
  }

  /** The wall-clock moment on the screen, Unix ms; null when nothing says. */
  get date(): number | null {
    return this.connection.playingDate ?? this.pausedAt;
  }

  /** From where to go on, as `Connection.open` takes it: a moment of the past stays one, and live stays live. */
  get here(): number | null {
    if (!this.options.live) return this.position.value;
    return this.rewound.value ? (this.date ?? this.dateOf(this.position.value)) : null;
  }

  measure(): void {
    if (this.options.live) this.measureLive();
    else this.measureRecording();
  }

  private measureRecording(): void {
    const { duration, currentTime, readyState } = this.screen.video;
    if (Number.isFinite(duration)) this.range.value = keep(this.range.value, { start: 0, end: duration });
    if (readyState > 0 && this.screen.phase.value !== "idle") this.position.value = currentTime;
  }

  private measureLive(): void {
    const epoch = this.options.epoch();
    if (epoch === null) return;
    const now = this.options.now();
    const { hls } = this.connection;
    const phase = this.screen.phase.value;
    const first = hls?.windowStart ?? Math.max(epoch, this.options.since() ?? epoch);
    const end = Math.max(0, (now - epoch) / 1000);
    this.range.value = keep(this.range.value, { start: Math.max(0, (first - epoch) / 1000), end });
    const date = phase === "paused" ? (this.pausedAt ?? this.date) : this.date;
    if (date === null) {
      if (phase === "idle") this.position.value = end;
      return;
    }
    const behind = Math.max(0, (now - date) / 1000);
    this.behind.value = behind;
    this.position.value = Math.min(end, Math.max(0, (date - epoch) / 1000));
    if (phase === "playing") this.rewound.value = hls !== null && !hls.atEdge && behind > EDGE_SECONDS;
  }
}

function keep(held: Range, next: Range): Range {
  return Math.abs(held.start - next.start) < 0.2 && Math.abs(held.end - next.end) < 0.2 ? held : next;
}
