/** What the viewer asked for, and the addresses that give it. */

import { signal } from "@preact/signals";
import type { PlayerUrls } from "./options";

export type Transport = "whep" | "hls" | "audio";

export class Choice {
  readonly transport;
  /** What is heard: a language tag, or nothing for the floor. */
  readonly language = signal("");

  constructor(live: boolean, private readonly urls: PlayerUrls) {
    this.transport = signal<Transport>(live ? "whep" : "hls");
  }

  get whepUrl(): string {
    return whepUrl(this.urls.whep, this.language.value);
  }

  get hlsUrl(): string {
    if (this.transport.value !== "audio") return this.urls.hls;
    return this.language.value ? this.urls.interpreted : this.urls.audio;
  }
}

/** The WHEP address for a choice of sound. */
export function whepUrl(url: string, language: string): string {
  return language ? `${url}${url.includes("?") ? "&" : "?"}audio=interpreted` : url;
}
