/** What changed from one version of the meeting to another. */

import { patched, type Operation } from "./patch";
import type { Versioned } from "./versioned";

export interface Delta {
  from: number;
  version: number;
  patch: Operation[];
}

/** The snapshot after a delta; what is held when it is newer than that; "missed" when the whole has to be asked for. */
export function changed<T extends Versioned>(held: T, delta: Delta): T | "missed" {
  if (delta.version < held.version) return held;
  if (delta.from !== held.version) return delta.version === held.version ? held : "missed";
  try {
    return patched(held, delta.patch);
  } catch (error) {
    if (error instanceof RangeError) return "missed";
    throw error;
  }
}
