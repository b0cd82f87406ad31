/** The player of one meeting, on its own page and in a frame on another site. */

import type { ReadonlySignal } from "@preact/signals";
import type { PlayerController } from "../player/controller";
import type { Language } from "../player/options";
import { mountPlayer } from "../player/player";
import { parseTime, type Chapter } from "../player/timeline";
import type { ServerClock } from "../shared/clock";
import type { PageData } from "../shared/page";
import type { ItemView, PublicSnapshot } from "../shared/wire";

export interface PlayerPage extends PageData {
  ref: string;
  snapshot: PublicSnapshot;
  urls: { state: string; whep: string; hls: string; audio: string; interpreted: string; questions: string; polls: string; hands: string; speak: string };
  /** Whether there is a small picture beside the full one. */
  small: boolean;
  /** What captions are in, where there are any. */
  captions: string | null;
  /** What else than the floor can be heard. */
  languages: Language[];
  chapters: { item_id: number | null; label: string; playback: number }[];
  phase: "before" | "live" | "after";
  /** Where to begin, in playback time. */
  start: number | null;
  /** Of the recording, in seconds. */
  duration: number | null;
}

/** Take over `#player`; null when the page has none. */
export function meetingPlayer(
  page: PlayerPage, clock: ServerClock, state: ReadonlySignal<PublicSnapshot>, linkTo: (seconds: number) => string,
): PlayerController | null {
  const root = document.getElementById("player");
  if (!root || page.phase === "before") return null;
  const live = page.phase === "live";
  return mountPlayer(root, {
    live, urls: page.urls, small: page.small, languages: page.languages, captions: page.captions, now: () => clock.now(), epoch: () => state.value.epoch_ms, since: () => state.value.live_ms,
    startAt: startAt(page, state.value), duration: page.duration, chapters: () => chapters(page, state.value), linkTo,
  });
}

function chapters(page: PlayerPage, meeting: PublicSnapshot): readonly Chapter[] {
  if (page.phase !== "live") return page.chapters.map((chapter) => ({ item_id: chapter.item_id, label: chapter.label, at: chapter.playback }));
  return meeting.agenda
    .filter((item) => item.seconds !== null && !item.heading)
    .map((item) => ({ item_id: item.id, label: itemName(item), at: item.seconds ?? 0 }))
    .sort((a, b) => a.at - b.at);
}

function itemName(item: ItemView): string {
  return `${item.number} ${item.title}`.trim();
}

function startAt(page: PlayerPage, meeting: PublicSnapshot): number | null {
  const asked = new URLSearchParams(location.search);
  if (page.phase !== "live") return page.start ?? parseTime(asked.get("t"));
  const item = meeting.agenda.find((candidate) => String(candidate.id) === asked.get("item"));
  return item?.seconds ?? parseTime(asked.get("t"));
}
