/** Keeps the newest of what comes by several ways (page, socket, polling), in whatever order it comes. */

import { signal, type ReadonlySignal } from "@preact/signals";

export interface Versioned {
  version: number;
  server_ms: number;
}

/**
 * Whether `next` replaces `held`. The higher version wins; of two with one version the later, because a countdown's
 * clock is worth having. A server that was set back (restored from a copy) is believed once it is clearly later.
 */
export function isNewer(held: Versioned, next: Versioned): boolean {
  if (next.version !== held.version) {
    return next.version > held.version || next.server_ms - held.server_ms > 60_000;
  }
  return next.server_ms > held.server_ms;
}

export class Newest<T extends Versioned> {
  private readonly held;

  constructor(first: T, private readonly heard: (serverMs: number) => void = () => {}) {
    this.held = signal(first);
    heard(first.server_ms);
  }

  get value(): T {
    return this.held.value;
  }

  get signal(): ReadonlySignal<T> {
    return this.held;
  }

  /** Take `next` when it is newer. Tells whether it was. */
  offer(next: T): boolean {
    this.heard(next.server_ms);
    if (!isNewer(this.held.peek(), next)) return false;
    this.held.value = next;
    return true;
  }
}
