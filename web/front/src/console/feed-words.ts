/** What is said of a feed, in words for the officer. */

import { t, tn } from "../shared/i18n";
import type { EngineSnapshot, FeedStatus, SpeakerRow } from "../shared/wire";
import { partWord } from "./speaker-words";

export function kindWords(feed: FeedStatus): string {
  const kind = feed.kind === "test" ? t("generated") : feed.kind === "speaker" ? t("remote speaker") : feed.kind === "interpreter" || feed.kind === "signer" || feed.kind === "presenter" ? partWord(feed.kind) : feed.kind.toUpperCase();
  const picture = feed.width ? [`${feed.width}×${feed.height}`, t("{n} fps", { n: Math.round(feed.frames_per_second) })] : [];
  return [kind, ...picture, lineWords(feed), keyWords(feed)].filter(Boolean).join(" · ");
}

/** What the line of a feed carries, and loses: "1.8 Mbit/s · 2.5 % lost". */
export function lineWords({ kilobits_per_second: rate = 0, lost_percent: lost }: FeedStatus): string {
  if (!rate) return "";
  const words = rate < 1000 ? t("{n} kbit/s", { n: rate }) : t("{n} Mbit/s", { n: (rate / 1000).toFixed(1) });
  return lost === undefined || lost === null ? words : `${words} · ${t("{n} % lost", { n: lost })}`;
}

/** How long ago a picture came that needs no other. */
export function keyWords({ state, key_picture_seconds: seconds }: FeedStatus): string {
  if (typeof seconds !== "number" || (state !== "live" && state !== "stalled")) return "";
  return tn("key picture {n} s ago", "key picture {n} s ago", seconds);
}

/** How far viewing by HLS is behind the programme; "" while nothing is made of it. */
export function hlsWords(engine: EngineSnapshot | null): string {
  const age = engine?.packager?.age_seconds;
  if (typeof age !== "number") return "";
  return tn("Viewing by HLS: the newest piece is {n} second old.", "Viewing by HLS: the newest piece is {n} seconds old.", Math.round(age));
}

/** From so much on a picture shows it, and the officer should know why. */
export const MUCH_LOST = 3;

/** A speaker's source is named after the registration, with or without a word before its number. */
export function isOf(row: SpeakerRow, source: string): boolean {
  return /(^|\D)(\d+)$/.exec(source)?.[2] === String(row.id);
}
