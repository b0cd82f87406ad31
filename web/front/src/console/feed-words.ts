/** What is said of a feed, in words for the officer. */

import { t } from "../shared/i18n";
import type { FeedStatus, SpeakerRow } from "../shared/wire";
import { partWord } from "./speaker-words";

export function kindWords(feed: FeedStatus): string {
  const kind = feed.kind === "test" ? t("generated") : feed.kind === "speaker" ? t("remote speaker") : feed.kind === "interpreter" || feed.kind === "signer" || feed.kind === "presenter" ? partWord(feed.kind) : feed.kind.toUpperCase();
  const picture = feed.width ? [`${feed.width}×${feed.height}`, t("{n} fps", { n: Math.round(feed.frames_per_second) })] : [];
  return [kind, ...picture, lineWords(feed)].filter(Boolean).join(" · ");
}

/** What the line of a feed carries, and loses: "1.8 Mbit/s · 2.5 % lost". */
export function lineWords({ kilobits_per_second: rate = 0, lost_percent: lost }: FeedStatus): string {
  if (!rate) return "";
  const words = rate < 1000 ? t("{n} kbit/s", { n: rate }) : t("{n} Mbit/s", { n: (rate / 1000).toFixed(1) });
  return lost === undefined || lost === null ? words : `${words} · ${t("{n} % lost", { n: lost })}`;
}

/** From so much on a picture shows it, and the officer should know why. */
export const MUCH_LOST = 3;

/** A speaker's source is named after the registration, with or without a word before its number. */
export function isOf(row: SpeakerRow, source: string): boolean {
  return /(^|\D)(\d+)$/.exec(source)?.[2] === String(row.id);
}
