/** What can be asked of the player, and what it shows of itself. Knows no buttons. */

import { computed } from "@preact/signals";
import { announce } from "../shared/announcer";
import { t } from "../shared/i18n";
import { Choice, pictures, type Picture, type Transport } from "./choice";
import { Connection } from "./connection";
import type { HlsPlayback } from "./hls";
import type { Language, PlayerOptions } from "./options";
import { Place } from "./place";
import { Screen } from "./screen";

/** Nearer to now than this, a moment is live. */
const LIVE_SECONDS = 2;
const MEASURE_MS = 250;

export class PlayerController {
  private readonly screen: Screen;
  private readonly chosen: Choice;
  private readonly connection: Connection;
  private readonly place: Place;

  readonly phase;
  readonly muted;
  readonly volume;
  readonly rate;
  readonly started = computed(() => this.screen.phase.value !== "idle");
  readonly height;
  readonly way;
  readonly picture;
  readonly language;
  readonly captions;
  readonly captionSize;
  readonly transport;
  readonly fallback;
  readonly relayed;
  readonly position;
  readonly range;
  readonly behind;
  readonly rewound;

  constructor(readonly video: HTMLVideoElement, private readonly options: PlayerOptions) {
    this.screen = new Screen(video, options.live);
    this.chosen = new Choice(options.live, options.urls);
    this.connection = new Connection(this.screen, this.chosen, options);
    this.place = new Place(this.screen, this.connection, options);
    ({ phase: this.phase, muted: this.muted, volume: this.volume, rate: this.rate, height: this.height } = this.screen);
    ({ way: this.way, picture: this.picture, language: this.language } = this.chosen);
    ({ captions: this.captions, captionSize: this.captionSize } = this.chosen);
    ({ transport: this.transport, fallback: this.fallback, relayed: this.relayed } = this.connection);
    ({ position: this.position, range: this.range, behind: this.behind, rewound: this.rewound } = this.place);
    this.screen.onPlay = () => this.play();
    this.screen.onPause = () => this.pause();
    this.connection.where = () => this.place.here;
    setInterval(() => this.place.measure(), MEASURE_MS);
  }

  get live(): boolean {
    return this.options.live;
  }

  get languages(): readonly Language[] {
    return this.options.languages;
  }

  /** What there is to choose from. */
  get pictures(): readonly Picture[] {
    return pictures(this.options.small);
  }

  /** Whether there are captions to be had: playlists of sound alone have none. */
  get offersCaptions(): boolean {
    return this.options.captions !== null && this.picture.value !== "sound";
  }

  toggle(): void {
    const phase = this.phase.value;
    if (phase === "idle" || phase === "paused" || phase === "ended") this.play();
    else this.pause();
  }

  play(): void {
    const { screen, connection, place } = this;
    const { startAt } = this.options;
    screen.wanted = true;
    if (this.phase.value === "idle") {
      connection.open(this.live && startAt !== null ? place.dateOf(startAt) : null);
    } else if (this.live && connection.hls === null && place.pausedAt !== null) {
      place.rewound.value = true;
      connection.open(place.pausedAt);
    } else if (connection.hls) {
      void screen.resume();
    }
    place.pausedAt = null;
  }

  pause(): void {
    this.screen.wanted = false;
    this.video.pause();
    if (this.live && this.started.value) this.place.pausedAt = this.place.date ?? this.options.now();
    this.connection.rest();
    if (this.started.value) this.phase.value = "paused";
  }

  /** To now, by the transport that was chosen. */
  goLive(): void {
    const { screen, connection, place } = this;
    screen.wanted = true;
    place.pausedAt = null;
    place.rewound.value = false;
    if (connection.hls && !connection.prefersWhep) {
      connection.hls.seekToLive();
      void screen.resume();
    } else if (!connection.byWhep) {
      connection.open(null);
    }
  }

  /** Let it come by another way. */
  choose(way: Transport): void {
    const { connection, place } = this;
    this.way.value = way;
    connection.fallback.value = null;
    if (way === "whep") {
      place.rewound.value = false;
      if (this.captions.value) this.caption(false);
    }
    if (!this.started.value) {
      connection.transport.value = way;
      return;
    }
    this.screen.wanted = true;
    connection.open(place.here);
  }

  /** See the full picture, the small one, or none, from the same moment on. */
  show(picture: Picture): void {
    if (picture === this.picture.value) return;
    this.picture.value = picture;
    this.change((hls) => hls.show(picture));
  }

  /** Hear another language, or the floor (""), from the same moment on. */
  listenTo(language: string): void {
    if (language === this.language.value) return;
    this.language.value = language;
    this.change((hls) => hls.listenTo(language));
  }

  /** Let what is said be read, or not. It comes by HLS alone: whoever plays by WebRTC changes over. */
  caption(on: boolean): void {
    if (!this.offersCaptions || on === this.captions.value) return;
    this.captions.value = on;
    const over = on && this.way.value === "whep";
    if (over) {
      this.way.value = "hls";
      this.fallback.value = null;
      if (!this.started.value) this.transport.value = "hls";
    }
    announce(over ? t("Captions are on. They come by HLS, a few seconds behind live.") : on ? t("Captions are on.") : t("Captions are off."));
    this.change((hls) => {
      hls.caption(on);
      return true;
    });
  }

  skip(seconds: number): void {
    this.seek(this.position.value + seconds);
  }

  /** To a moment. While live this is a rewind, which only HLS can do, or LIVE when it is not in the past. */
  seek(seconds: number): void {
    const { start, end } = this.range.value;
    const target = Math.max(seconds, start);
    if (!this.live) this.seekRecording(end ? Math.min(target, end) : target);
    else this.seekLive(target, end);
  }

  renewPoster(url: string): void {
    this.screen.renewPoster(url);
  }

  setVolume(volume: number): void {
    this.screen.setVolume(volume);
  }

  setMuted(muted: boolean): void {
    this.screen.setMuted(muted);
  }

  setRate(rate: number): void {
    this.screen.setRate(rate);
  }

  /** Make a new choice true: in place where the playlist has it, else by a new connection. */
  private change(inPlace: (hls: HlsPlayback) => boolean): void {
    const { screen, connection, place } = this;
    if (!this.started.value || (connection.hls && inPlace(connection.hls))) return;
    const paused = this.phase.value === "paused";
    // Playing on is a rewind then, which makes a new connection by itself.
    if (paused && !connection.hls) return;
    screen.wanted = !paused;
    connection.open(this.live && paused ? place.date : place.here);
  }

  private seekRecording(seconds: number): void {
    this.position.value = seconds;
    if (this.started.value) this.video.currentTime = seconds;
    else this.begin(seconds);
  }

  private seekLive(seconds: number, end: number): void {
    const date = this.place.dateOf(seconds);
    if (date === null) return;
    if (seconds >= end - LIVE_SECONDS) {
      this.goLive();
      return;
    }
    this.rewound.value = true;
    this.position.value = seconds;
    if (!this.connection.hls?.seekToDate(date)) {
      this.begin(date);
      return;
    }
    this.screen.wanted = true;
    void this.screen.resume();
  }

  private begin(at: number): void {
    this.screen.wanted = true;
    this.place.pausedAt = null;
    this.connection.open(at);
  }
}
