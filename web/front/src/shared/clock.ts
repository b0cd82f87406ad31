/** The server's time on a device whose own clock may be wrong. */

import { signal, type ReadonlySignal } from "@preact/signals";

export type Now = () => number;

/**
 * Each message from the server carries `server_ms`. It left the server before it came here, so every sample says that
 * the server is at least that far ahead; the largest offset seen is the nearest to the truth. Older samples fade, for a
 * clock that is set right while the page is open.
 */
export class ServerClock {
  private samples: { at: number; offset: number }[] = [];

  constructor(private readonly local: Now = Date.now, private readonly keepMs = 120_000) {}

  heard(serverMs: number): void {
    const at = this.local();
    this.samples = this.samples.filter((sample) => Math.abs(at - sample.at) < this.keepMs);
    this.samples.push({ at, offset: serverMs - at });
    if (this.samples.length > 60) this.samples.shift();
  }

  get offset(): number {
    if (!this.samples.length) return 0;
    return Math.max(...this.samples.map((sample) => sample.offset));
  }

  now(): number {
    return this.local() + this.offset;
  }
}

let ticker: { value: ReadonlySignal<number> } | null = null;

/** Changes four times a second: what reads it is drawn again. */
export function tick(): number {
  if (!ticker) {
    const beat = signal(0);
    setInterval(() => (beat.value += 1), 250);
    ticker = { value: beat };
  }
  return ticker.value.value;
}
