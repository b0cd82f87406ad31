/** What one piece of pictures says of the line that brought it. */

export interface Piece {
  bytes: number;
  /** Seconds that it plays. */
  plays: number;
  /** Seconds from its first byte to its last. A part that is not made yet is waited for before that. */
  took: number;
  /** Seconds of pictures that are there to be played. */
  ahead: number;
}

/** With more than this ahead there is no haste. */
const SHORT_SECONDS = 2;

/**
 * Bits a second when the line is too narrow for what it carries, and little is left to be played; else null.
 *
 * hls.js forgets how wide a line was by half in three seconds of loading. After a fast one that became a hundred times as
 * slow it would stay with pictures that cannot come in time for a quarter of a minute.
 */
export function narrowed({ bytes, plays, took, ahead }: Piece): number | null {
  return took > plays && ahead < SHORT_SECONDS ? (bytes * 8) / took : null;
}
