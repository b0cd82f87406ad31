/** The video element: whether it should play, what it says of itself, how loud and how fast it is. */

import { signal } from "@preact/signals";

export type Phase = "idle" | "connecting" | "playing" | "paused" | "buffering" | "reconnecting" | "ended";

export class Screen {
  readonly phase = signal<Phase>("idle");
  readonly muted = signal(false);
  readonly volume = signal(1);
  readonly rate = signal(1);
  /** Of the picture, in its own pixels; 0 while there is none. */
  readonly height = signal(0);
  /** Whether it should play. */
  wanted = false;

  onPlaying: () => void = () => {};
  /** Called when the browser's own menu or a media key says so, or the browser lets nothing play without a press. */
  onPlay: () => void = () => {};
  onPause: () => void = () => {};

  constructor(readonly video: HTMLVideoElement, private readonly live: boolean) {
    this.listen();
  }

  /** Play what is loaded. */
  async resume(): Promise<void> {
    try {
      await this.video.play();
    } catch (error) {
      // Interrupted by a newer load, or not allowed without a press: in both cases the buttons tell the truth.
      if (error instanceof DOMException && error.name === "NotAllowedError") this.onPause();
      else if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    }
  }

  /** Say that nothing comes, which an element that plays a stream does not notice; or that it goes on. */
  wait(silent: boolean): void {
    if (silent && this.phase.value === "playing") this.phase.value = "buffering";
    else if (!silent && this.phase.value === "buffering") this.phase.value = "playing";
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

  /** Show how it looks by now to somebody who has not begun to watch. */
  renewPoster(url: string): void {
    if (this.phase.peek() === "idle") this.video.poster = url;
  }

  private listen(): void {
    const on = (event: string, listener: () => void): void => this.video.addEventListener(event, listener);
    on("playing", () => {
      this.phase.value = "playing";
      this.onPlaying();
    });
    on("waiting", () => {
      if (this.phase.value === "playing") this.phase.value = "buffering";
    });
    on("pause", () => {
      if (this.wanted && this.phase.value === "playing" && this.video.paused && !this.video.ended) this.onPause();
    });
    on("play", () => {
      if (!this.wanted && this.phase.value === "paused") this.onPlay();
    });
    on("ended", () => (this.phase.value = "ended"));
    on("volumechange", () => {
      this.muted.value = this.video.muted;
      this.volume.value = this.video.volume;
    });
    on("resize", () => (this.height.value = this.video.videoHeight));
    on("ratechange", () => (this.rate.value = this.live ? 1 : this.video.playbackRate));
  }
}
