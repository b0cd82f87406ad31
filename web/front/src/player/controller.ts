/**
 * What the player does: which transport, what it is doing, how far behind. Knows no buttons.
 *
 * Positions are seconds: programme time while the meeting is live, playback time in a recording.
 */

import { computed, signal } from "@preact/signals";
import { WhepError, WhepSession } from "../webrtc/whep";
import { announce } from "../shared/announcer";
import { t } from "../shared/i18n";
import { Backoff } from "./backoff";
import { HlsPlayback } from "./hls";

export type Transport = "whep" | "hls" | "audio";
export type Phase = "idle" | "connecting" | "playing" | "paused" | "buffering" | "reconnecting" | "ended";

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

/** A viewer who is less than this behind what is possible counts as live. */
const EDGE_SECONDS = 6;
const WHEP_TRIES = 3;

export class PlayerController {
  readonly transport = signal<Transport>("whep");
  readonly choice = signal<Transport>("whep");
  readonly phase = signal<Phase>("idle");
  /** Why WebRTC is not used although it was chosen. */
  readonly fallback = signal<string | null>(null);
  readonly position = signal(0);
  readonly range = signal({ start: 0, end: 0 });
  /** Seconds behind the server's now; null when it is not known. */
  readonly behind = signal<number | null>(null);
  readonly muted = signal(false);
  readonly volume = signal(1);
  readonly rate = signal(1);
  readonly rewound = signal(false);
  /** What is heard: a language tag, or nothing for the floor. */
  readonly language = signal("");
  readonly started = computed(() => this.phase.value !== "idle");

  private whep: WhepSession | null = null;
  private hls: HlsPlayback | null = null;
  private pausedAt: number | null = null;
  private wanted = false;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private readonly backoff = new Backoff();

  constructor(readonly video: HTMLVideoElement, private readonly options: PlayerOptions) {
    if (!options.live) {
      this.choice.value = "hls";
      this.transport.value = "hls";
    }
    this.position.value = options.startAt ?? 0;
    if (options.duration !== null) this.range.value = { start: 0, end: options.duration };
    this.listen();
    // The relay should not have to find out by silence that a viewer has gone; a page that comes back from the
    // browser's cache starts anew.
    addEventListener("pagehide", () => this.whep?.stop());
    addEventListener("pageshow", (event) => {
      if (event.persisted && this.wanted && this.whep) this.connect(null);
    });
    // A network that is back, or another one, need not be waited for.
    addEventListener("online", () => {
      if (this.retry) this.again();
    });
    setInterval(() => this.measure(), 250);
  }

  get live(): boolean {
    return this.options.live;
  }

  toggle(): void {
    if (this.phase.value === "idle" || this.phase.value === "paused" || this.phase.value === "ended") this.play();
    else this.pause();
  }

  play(): void {
    this.wanted = true;
    if (this.phase.value === "idle") {
      this.connect(this.live && this.options.startAt !== null ? this.dateOf(this.options.startAt) : null);
    } else if (this.live && this.hls === null && this.pausedAt !== null) {
      this.rewound.value = true;
      this.connect(this.pausedAt);
    } else if (this.hls) {
      void this.resume();
    }
    this.pausedAt = null;
  }

  pause(): void {
    this.wanted = false;
    this.cancelRetry();
    this.video.pause();
    if (this.live && this.phase.value !== "idle") {
      this.pausedAt = this.playingDate() ?? this.options.now();
      if (this.transport.value === "whep") {
        this.whep?.stop();
        this.whep = null;
        this.attempt += 1;
      }
    }
    if (this.phase.value !== "idle") this.phase.value = "paused";
  }

  /** To now, by the transport that was chosen. */
  goLive(): void {
    this.wanted = true;
    this.pausedAt = null;
    this.rewound.value = false;
    if (this.hls && this.transport.value !== "whep" && !this.wantsWhep()) {
      this.hls.seekToLive();
      void this.resume();
    } else if (!this.whep) {
      this.connect(null);
    }
  }

  choose(choice: Transport): void {
    this.choice.value = choice;
    this.fallback.value = null;
    const date = this.live && this.rewound.value && choice !== "whep" ? this.playingDate() : null;
    if (choice === "whep") this.rewound.value = false;
    if (this.phase.value === "idle") {
      this.transport.value = choice;
      return;
    }
    this.wanted = true;
    this.connect(this.live ? date : this.position.value);
  }

  get languages(): readonly Language[] {
    return this.options.languages;
  }

  /** Hear another language, or the floor (""), from the same moment on. */
  listenTo(language: string): void {
    if (language === this.language.value) return;
    this.language.value = language;
    if (this.phase.value === "idle") return;
    if (this.hls && this.transport.value === "hls" && this.hls.listenTo(language)) return;
    const paused = this.phase.value === "paused";
    if (paused && this.transport.value === "whep") return;
    const date = this.live ? (this.rewound.value || paused ? this.playingDate() : null) : this.position.value;
    this.wanted = !paused;
    this.connect(date);
  }

  skip(seconds: number): void {
    this.seek(this.position.value + seconds);
  }

  /** To a moment. While live this is a rewind, which only HLS can do, or LIVE when it is not in the past. */
  seek(seconds: number): void {
    const { start, end } = this.range.value;
    const target = Math.max(seconds, start);
    if (!this.live) {
      this.position.value = end ? Math.min(target, end) : target;
      if (this.phase.value === "idle") this.begin(this.position.value);
      else this.video.currentTime = this.position.value;
      return;
    }
    const date = this.dateOf(target);
    if (date === null) return;
    if (target >= end - 2) {
      this.goLive();
      return;
    }
    this.rewound.value = true;
    this.position.value = target;
    if (this.hls && this.hls.seekToDate(date)) {
      this.wanted = true;
      void this.resume();
    } else {
      this.begin(date);
    }
  }

  /** Show how it looks by now to somebody who has not begun to watch. */
  renewPoster(url: string): void {
    if (this.phase.peek() === "idle") this.video.poster = url;
  }

  setVolume(volume: number): void {
    this.video.volume = Math.min(Math.max(volume, 0), 1);
    if (volume > 0) this.video.muted = false;
  }

  setMuted(muted: boolean): void {
    this.video.muted = muted;
  }

  setRate(rate: number): void {
    this.video.playbackRate = rate;
    this.video.defaultPlaybackRate = rate;
  }

  /** The wall-clock moment of a position, Unix ms. */
  private dateOf(seconds: number): number | null {
    const epoch = this.options.epoch();
    return epoch === null ? null : epoch + seconds * 1000;
  }

  private begin(at: number): void {
    this.wanted = true;
    this.pausedAt = null;
    this.connect(at);
  }

  private wantsWhep(): boolean {
    return this.live && this.choice.value === "whep" && this.fallback.value === null && !this.rewound.value;
  }

  /** Start anew by the transport that fits. `at` is a wall-clock moment (live) or seconds (recording). */
  private connect(at: number | null): void {
    this.cancelRetry();
    this.attempt += 1;
    this.drop();
    if (this.wantsWhep() && at === null) void this.connectWhep(this.attempt);
    else void this.connectHls(this.attempt, at);
  }

  private drop(): void {
    this.whep?.stop();
    this.whep = null;
    this.hls?.destroy();
    this.hls = null;
  }

  private working(): void {
    this.phase.value = this.phase.value === "reconnecting" ? "reconnecting" : "connecting";
  }

  private async connectWhep(attempt: number): Promise<void> {
    this.transport.value = "whep";
    this.working();
    const session = new WhepSession(whepUrl(this.options.urls.whep, this.language.value));
    this.whep = session;
    session.onLost = () => this.lost(attempt);
    try {
      const stream = await session.start();
      if (attempt !== this.attempt) return;
      this.video.removeAttribute("src");
      this.video.srcObject = stream;
      this.video.playbackRate = 1;
      await this.resume();
    } catch (error) {
      if (attempt === this.attempt) this.whepFailed(error instanceof WhepError ? error : new WhepError("refused", String(error)));
    }
  }

  private whepFailed(error: WhepError): void {
    this.whep = null;
    // A server that is being started again is worth waiting for; a network that lets nothing through is not.
    const passing = error.fault === "refused" || error.fault === "unreachable";
    const again = this.phase.value === "reconnecting" && passing && this.backoff.count < WHEP_TRIES;
    if (again) {
      this.later();
      return;
    }
    this.fallback.value = error.message;
    announce(t("{reason} The meeting plays by HLS instead.", { reason: error.message }));
    this.connect(null);
  }

  private async connectHls(attempt: number, at: number | null): Promise<void> {
    const audio = this.choice.value === "audio";
    this.transport.value = audio ? "audio" : "hls";
    this.working();
    this.video.srcObject = null;
    const position = at ?? (this.live ? null : this.position.value);
    const { urls } = this.options;
    const url = audio ? (this.language.value ? urls.interpreted : urls.audio) : urls.hls;
    const hls = new HlsPlayback(this.video, url, { live: this.live, at: position, language: this.language.value });
    this.hls = hls;
    hls.onLost = () => this.lost(attempt);
    try {
      await hls.start();
    } catch (error) {
      console.error(error);
      this.lost(attempt);
      return;
    }
    if (attempt !== this.attempt || !this.wanted) return;
    this.video.playbackRate = this.live ? 1 : this.rate.value;
    await this.resume();
  }

  private lost(attempt: number): void {
    if (attempt !== this.attempt || !this.wanted) return;
    if (this.phase.value !== "reconnecting") announce(t("The connection was lost. Reconnecting."));
    this.phase.value = "reconnecting";
    // When HLS fails as well, WebRTC is worth another try.
    if (this.transport.value !== "whep") this.fallback.value = null;
    this.later();
  }

  private later(): void {
    this.cancelRetry();
    this.retry = setTimeout(() => this.again(), this.backoff.next());
  }

  /** Begin anew where the viewer was: live, or at a moment of the past. */
  private again(): void {
    this.connect(this.live ? (this.rewound.value ? this.playingDate() : null) : this.position.value);
  }

  private cancelRetry(): void {
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
  }

  private async resume(): Promise<void> {
    try {
      await this.video.play();
    } catch (error) {
      // Interrupted by a newer load, or not allowed without a press: in both cases the buttons tell the truth.
      if (error instanceof DOMException && error.name === "NotAllowedError") this.pause();
      else if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    }
  }

  private listen(): void {
    const on = (event: string, listener: () => void): void => this.video.addEventListener(event, listener);
    on("playing", () => {
      this.phase.value = "playing";
      this.backoff.reset();
    });
    on("waiting", () => {
      if (this.phase.value === "playing") this.phase.value = "buffering";
    });
    on("pause", () => {
      if (this.wanted && this.phase.value === "playing" && this.video.paused && !this.video.ended) this.pause();
    });
    on("play", () => {
      // A media key, or the browser's own menu.
      if (!this.wanted && this.phase.value === "paused") this.play();
    });
    on("ended", () => (this.phase.value = "ended"));
    on("volumechange", () => {
      this.muted.value = this.video.muted;
      this.volume.value = this.video.volume;
    });
    on("ratechange", () => (this.rate.value = this.live ? 1 : this.video.playbackRate));
  }

  /** The wall-clock moment on the screen; null when nothing says. */
  private playingDate(): number | null {
    if (this.transport.value === "whep") return this.whep ? this.options.now() - 500 : this.pausedAt;
    return this.hls?.playingDate ?? null;
  }

  private measure(): void {
    if (!this.live) {
      const { duration, currentTime, readyState } = this.video;
      if (Number.isFinite(duration)) this.range.value = keep(this.range.value, { start: 0, end: duration });
      if (readyState > 0 && this.phase.value !== "idle") this.position.value = currentTime;
      return;
    }
    const epoch = this.options.epoch();
    if (epoch === null) return;
    const now = this.options.now();
    const first = this.hls?.windowStart ?? Math.max(epoch, this.options.since() ?? epoch);
    const end = Math.max(0, (now - epoch) / 1000);
    this.range.value = keep(this.range.value, { start: Math.max(0, (first - epoch) / 1000), end });
    const date = this.phase.value === "paused" ? (this.pausedAt ?? this.playingDate()) : this.playingDate();
    if (date === null) {
      if (this.phase.value === "idle") this.position.value = end;
      return;
    }
    const behind = Math.max(0, (now - date) / 1000);
    this.behind.value = behind;
    this.position.value = Math.min(end, Math.max(0, (date - epoch) / 1000));
    if (this.phase.value === "playing") this.rewound.value = this.hls !== null && !this.hls.atEdge && behind > EDGE_SECONDS;
  }
}

/** The WHEP address for a choice of sound. */
export function whepUrl(url: string, language: string): string {
  return language ? `${url}${url.includes("?") ? "&" : "?"}audio=interpreted` : url;
}

function keep(held: { start: number; end: number }, next: { start: number; end: number }): { start: number; end: number } {
  return Math.abs(held.start - next.start) < 0.2 && Math.abs(held.end - next.end) < 0.2 ? held : next;
}
