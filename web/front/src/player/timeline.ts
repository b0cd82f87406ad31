/** Where a moment of the meeting is in a playlist, and which chapter a moment belongs to. */

export interface Chapter {
  item_id: number | null;
  label: string;
  /** Seconds on the player's own scale: programme time while live, playback time in a recording. */
  at: number;
}

export interface DatedFragment {
  start: number;
  duration: number;
  programDateTime: number | null;
}

/** The media time at which the picture of a wall-clock moment (Unix ms) lies; the nearest there is when it is outside. */
export function timeOfDate(fragments: readonly DatedFragment[], ms: number): number | null {
  const dated = fragments.filter((fragment) => fragment.programDateTime !== null);
  const first = dated[0];
  if (!first) return null;
  let holder = first;
  for (const fragment of dated) {
    if ((fragment.programDateTime ?? 0) > ms) break;
    holder = fragment;
  }
  const into = (ms - (holder.programDateTime ?? 0)) / 1000;
  return holder.start + Math.min(Math.max(into, 0), holder.duration);
}

/** The chapter that a moment belongs to. */
export function chapterAt(chapters: readonly Chapter[], seconds: number): Chapter | null {
  let found: Chapter | null = null;
  for (const chapter of chapters) {
    if (chapter.at <= seconds + 0.05 && (found === null || chapter.at >= found.at)) found = chapter;
  }
  return found;
}

/** How `?t=` is written: seconds, or `1h2m3s`. Null when it is neither. */
export function parseTime(text: string | null): number | null {
  if (!text) return null;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!parts) return null;
  return Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0);
}
