/** What a page tells its player. */

/** All words are the languages' own; browsers do not know all of them. */
export interface Language {
  tag: string;
  name: string;
  /** What the interpreted sound is called, and the floor beside it. */
  label?: string;
  floor?: string;
}

export interface PlayerUrls {
  whep: string;
  hls: string;
  audio: string;
  interpreted: string;
}

export interface PlayerOptions {
  live: boolean;
  urls: PlayerUrls;
  /** Whether there is a small picture beside the full one. */
  small: boolean;
  /** What captions are in (a language tag), where the playlists offer any. */
  captions: string | null;
  /** Languages beside the floor: at most one for now. */
  languages: readonly Language[];
  /** The server's time, Unix ms. */
  now: () => number;
  /** Unix ms of programme time zero; null before there is a programme. */
  epoch: () => number | null;
  /** Unix ms at which the meeting went live: nothing before can be had. Null while it is not. */
  since: () => number | null;
  /** Seconds to begin at, for a link to a moment. */
  startAt: number | null;
  /** Seconds of the recording, as far as the page knows; null while live. */
  duration: number | null;
}
