/** How hls.js is set, and what it is helped with while live. Without any other part of ours: benches load it as well. */

import type Hls from "hls.js";
import type { HlsConfig, LoadPolicy } from "hls.js";

export const TUNING = {
  lowLatencyMode: true,
  // Catches up gently near the live edge, and leaves alone whoever paused or went back: no liveMaxLatencyDuration.
  maxLiveSyncPlaybackRate: 1.1,
  backBufferLength: 60,
  // Begins with the full picture; whoever cannot have it is moved down after the first piece.
  abrEwmaDefaultEstimate: 5_000_000,
  manifestLoadPolicy: policy(4000, 0),
  playlistLoadPolicy: policy(8000, 4),
} satisfies Partial<HlsConfig>;

/** Help while live. When a picture counts as stalled is for hls.js to say, which the caller has loaded. */
export function goLowerWhenStalled(hls: Hls, { Events, ErrorDetails }: Pick<typeof Hls, "Events" | "ErrorDetails">): void {
  hls.on(Events.ERROR, (_, { details }) => {
    if (details === ErrorDetails.BUFFER_STALLED_ERROR) lower(hls);
  });
}

/** What hls.js is asked about the pictures that it chooses by the line. */
export type Chooser = Pick<Hls, "autoLevelEnabled" | "loadLevel" | "minAutoLevel" | "levels" | "bandwidthEstimate" | "stopLoad" | "startLoad">;

/**
 * The picture stands still: go on at once with the smallest, and leave it to hls.js when to go up again.
 *
 * It loads the parts of a segment one after the other without a look at the time, and forgets only by half in three
 * seconds of loading how wide the line was. After one that became a hundred times as slow it would stay with pictures
 * that cannot come in time for a quarter of a minute.
 */
export function lower(hls: Chooser): void {
  const smallest = hls.levels[hls.minAutoLevel];
  if (!smallest || !hls.autoLevelEnabled || hls.loadLevel <= hls.minAutoLevel) return;
  hls.bandwidthEstimate = smallest.bitrate;
  hls.stopLoad();
  hls.startLoad();
}

/** A few tries of its own; after that the player says what is the case and begins anew. */
function policy(firstByteMs: number, tries: number): LoadPolicy {
  const retry = { maxNumRetry: tries, retryDelayMs: 500, maxRetryDelayMs: 2000 };
  return { default: { maxTimeToFirstByteMs: firstByteMs, maxLoadTimeMs: 12_000, timeoutRetry: retry, errorRetry: retry } };
}
