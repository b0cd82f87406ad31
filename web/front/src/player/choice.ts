/** What the viewer asked for, and the addresses that give it. Way, picture and language are chosen independently. */

import { signal } from "@preact/signals";
import type { PlayerUrls } from "./options";

export type Transport = "whep" | "hls";
/** By itself: as much as the line carries. Each of the others is the most that is asked for. */
export type Picture = "auto" | "720p" | "360p" | "sound";
export const CAPTION_SIZES = ["normal", "large", "largest"] as const;
export type CaptionSize = (typeof CAPTION_SIZES)[number];

export class Choice {
  /** How it comes. */
  readonly way;
  readonly picture = signal<Picture>("auto");
  /** Whether what is said is to be read as well. */
  readonly captions = signal(false);
  readonly captionSize = signal<CaptionSize>("normal");
  /** What is heard: a language tag, or nothing for the floor. */
  readonly language = signal("");

  constructor(live: boolean, private readonly urls: PlayerUrls) {
    this.way = signal<Transport>(live ? "whep" : "hls");
  }

  get whepUrl(): string {
    return whepUrl(this.urls.whep, this.language.value, this.picture.value);
  }

  get hlsUrl(): string {
    if (this.picture.value !== "sound") return this.urls.hls;
    return this.language.value ? this.urls.interpreted : this.urls.audio;
  }
}

/** The WHEP address of a choice. The full picture is the most there is: it needs no wish of its own. */
export function whepUrl(url: string, language: string, picture: Picture): string {
  const wishes = [];
  if (language) wishes.push("audio=interpreted");
  if (picture === "360p" || picture === "sound") wishes.push(`rendition=${picture}`);
  return wishes.length ? `${url}${url.includes("?") ? "&" : "?"}${wishes.join("&")}` : url;
}

/** What there is to choose from. `small`: there is a small picture beside the full one. */
export function pictures(small: boolean): readonly Picture[] {
  return small ? ["auto", "720p", "360p", "sound"] : ["auto", "sound"];
}
