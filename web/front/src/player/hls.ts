/** Playing an HLS playlist: with hls.js where the browser has media source extensions, else by the browser itself. */

import type Hls from "hls.js";
import type { ErrorData, LevelDetails } from "hls.js";
import type { Picture } from "./choice";
import { Standstill, TIMES } from "./standstill";
import { timeOfDate } from "./timeline";
import { goLowerWhenStalled, TUNING } from "./tuning";

export interface HlsOptions {
  live: boolean;
  /** A wall-clock moment (live) or seconds (recording) to begin at; null is the live edge, or the beginning. */
  at: number | null;
  /** The sound to begin with: a language tag, or "" for the floor. */
  language: string;
  /** The picture to begin with; "sound" when the playlist has none. */
  picture: Picture;
  /** Whether captions are shown from the beginning, where there are any. */
  captions: boolean;
}

/** Whoever is nearer to live than this when pieces are missing goes on live. */
const NEAR_SECONDS = 20;

/** Safari's own. */
type NativeTracks = ArrayLike<{ enabled: boolean; language: string; label: string }>;

export class HlsPlayback {
  /** Called when it cannot go on by itself. */
  onLost: (sentence: string) => void = () => {};
  /** Called when a playlist has come: the window is known. */
  onWindow: () => void = () => {};

  private hls: Hls | null = null;
  private language = "";
  private captions = false;
  private recovered = 0;
  private pieces = 0;
  private playlists = 0;
  private watcher: ReturnType<typeof setInterval> | undefined;
  private destroyed = false;

  constructor(private readonly video: HTMLVideoElement, private readonly url: string, private readonly options: HlsOptions) {}

  /** Change the sound. False when this playlist has no such choice. */
  listenTo(language: string): boolean {
    this.language = language;
    if (this.hls) {
      const track = this.hls.audioTracks.findIndex((one) => (one.lang ?? "") === language);
      if (track >= 0 && track !== this.hls.audioTrack) this.hls.audioTrack = track;
      return track >= 0;
    }
    const tracks = (this.video as HTMLVideoElement & { audioTracks?: NativeTracks }).audioTracks;
    if (!tracks || tracks.length < 2) return false;
    for (let number = 0; number < tracks.length; number += 1) {
      const track = tracks[number];
      if (track) track.enabled = language ? track.language === language : !track.language;
    }
    return true;
  }

  /** Change the picture, from the next piece on. False when only another playlist can. */
  show(picture: Picture): boolean {
    if (!this.hls || picture === "sound" || this.options.picture === "sound") return false;
    this.hls.nextLevel = levelOf(this.hls.levels, picture);
    return true;
  }

  /** Show captions, or do not; as soon as the playlist says that it has them. */
  caption(on: boolean): void {
    this.captions = on;
    if (this.hls) {
      this.hls.subtitleDisplay = on;
      this.hls.subtitleTrack = on && this.hls.subtitleTracks.length ? 0 : -1;
      return;
    }
    for (const track of this.video.textTracks ?? []) {
      if (track.kind === "subtitles" || track.kind === "captions") track.mode = on ? "showing" : "disabled";
    }
  }

  async start(): Promise<void> {
    this.language = this.options.language;
    this.captions = this.options.captions;
    const { default: Hls } = await import("hls.js");
    if (this.destroyed) return;
    if (!Hls.isSupported()) {
      this.startNatively();
      return;
    }
    const hls = new Hls({
      ...TUNING,
      lowLatencyMode: this.options.live,
      startPosition: this.options.live ? -1 : (this.options.at ?? 0),
      workerPath: new URL(HLS_WORKER, import.meta.url).href,
    });
    this.hls = hls;
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      const level = levelOf(hls.levels, this.options.picture);
      if (level >= 0) hls.loadLevel = level;
    });
    hls.on(Hls.Events.LEVEL_UPDATED, () => {
      this.playlists += 1;
      this.onWindow();
    });
    hls.on(Hls.Events.BUFFER_APPENDED, () => (this.pieces += 1));
    // Behind what hls.js does after this event: it takes the choice back.
    hls.on(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => queueMicrotask(() => this.caption(this.captions)));
    hls.on(Hls.Events.AUDIO_TRACKS_UPDATED, () => this.listenTo(this.language));
    hls.on(Hls.Events.ERROR, (_, data) => this.failed(data, Hls.ErrorTypes));
    if (this.options.live) goLowerWhenStalled(hls, Hls);
    if (this.options.live && this.options.at !== null) {
      const at = this.options.at;
      hls.once(Hls.Events.FRAG_BUFFERED, () => this.seekToDate(at));
    }
    hls.loadSource(this.url);
    hls.attachMedia(this.video);
    if (this.options.live) this.watch(hls, new Standstill());
  }

  destroy(): void {
    this.destroyed = true;
    clearInterval(this.watcher);
    this.hls?.destroy();
    this.hls = null;
  }

  seekToDate(ms: number): boolean {
    const time = this.details ? timeOfDate(this.details.fragments, ms) : this.nativeTime(ms);
    if (time === null) return false;
    this.video.currentTime = time;
    return true;
  }

  /** Go to where a viewer who has just come would start. */
  seekToLive(): void {
    const position = this.hls?.liveSyncPosition;
    if (position != null) this.video.currentTime = position;
    else if (this.video.seekable.length) this.video.currentTime = this.video.seekable.end(this.video.seekable.length - 1);
  }

  /** The wall-clock moment now on the screen, Unix ms. */
  get playingDate(): number | null {
    if (this.hls) return this.hls.playingDate?.getTime() ?? null;
    const start = this.nativeStart();
    return start === null ? null : start + this.video.currentTime * 1000;
  }

  /** The earliest wall-clock moment that can still be had. */
  get windowStart(): number | null {
    const fragments = this.details?.fragments;
    return fragments?.find((fragment) => fragment.programDateTime !== null)?.programDateTime ?? null;
  }

  /** Whether a viewer here is where a new viewer would be, give or take. */
  get atEdge(): boolean {
    const position = this.hls?.liveSyncPosition;
    return position != null && this.video.currentTime >= position - 3;
  }

  private get details(): LevelDetails | null {
    return this.hls?.latestLevelDetails ?? null;
  }

  /** What a packager had in hand when it died is a gap, before which hls.js may stand still for ever. */
  private watch(hls: Hls, standstill: Standstill): void {
    this.watcher = setInterval(() => {
      const { pieces, playlists, video: { paused, currentTime } } = this;
      const verdict = standstill.look({ playing: !paused, position: currentTime, pieces, playlists });
      if (verdict === "skip") this.skip(hls);
      if (verdict === "lost") this.onLost("standstill");
    }, TIMES.lookMs);
  }

  private skip(hls: Hls): void {
    const { details, video } = this;
    const behind = details?.fragments.find(({ start, gap }) => start > video.currentTime + 0.1 && !gap);
    const live = hls.liveSyncPosition;
    const to = live !== null && Math.abs(live - video.currentTime) < NEAR_SECONDS ? live : behind?.start;
    if (to === undefined) return;
    console.info("Nothing came to be played; going on behind it", video.currentTime, to);
    hls.startLoad(to);
    video.currentTime = to;
  }

  private startNatively(): void {
    this.video.src = this.url;
    this.video.addEventListener("loadedmetadata", () => {
      this.listenTo(this.language);
      this.caption(this.captions);
    }, { once: true });
    const at = this.options.at;
    this.video.addEventListener("loadedmetadata", () => {
      if (at !== null && this.options.live) this.seekToDate(at);
      else if (at !== null) this.video.currentTime = at;
      this.onWindow();
    }, { once: true });
    this.video.addEventListener("error", () => {
      if (!this.destroyed) this.onLost(this.video.error?.message ?? "");
    }, { once: true });
  }

  private nativeStart(): number | null {
    const video = this.video as HTMLVideoElement & { getStartDate?: () => Date };
    const start = video.getStartDate?.().getTime();
    return start === undefined || Number.isNaN(start) ? null : start;
  }

  private nativeTime(ms: number): number | null {
    const start = this.nativeStart();
    return start === null ? null : (ms - start) / 1000;
  }

  private failed(data: ErrorData, types: typeof Hls.ErrorTypes): void {
    if (!data.fatal || this.destroyed) return;
    if (data.type === types.MEDIA_ERROR && this.recovered < 2) {
      this.recovered += 1;
      this.hls?.recoverMediaError();
      return;
    }
    this.onLost(data.details);
  }
}

/** Which of the playlist's pictures a choice is; -1 lets hls.js choose by the line. */
export function levelOf(levels: readonly { height: number }[], picture: Picture): number {
  const heights = levels.map((level) => level.height);
  if (picture === "720p") return heights.indexOf(Math.max(...heights));
  return picture === "360p" ? heights.indexOf(Math.min(...heights)) : -1;
}
