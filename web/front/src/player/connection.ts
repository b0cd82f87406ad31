/** How the programme comes: by WebRTC or HLS, from the one to the other when it must, and back after every loss. */

import { signal } from "@preact/signals";
import { announce } from "../shared/announcer";
import { t } from "../shared/i18n";
import { WhepError } from "../webrtc/whep";
import { WhepLine } from "../webrtc/whep-line";
import { Backoff } from "./backoff";
import type { Choice, Transport } from "./choice";
import { HlsPlayback } from "./hls";
import type { PlayerOptions } from "./options";
import type { Screen } from "./screen";

const WHEP_TRIES = 3;
/** From the camera to the screen by WebRTC, as long as nothing measures it. */
const WHEP_BEHIND_MS = 500;

export class Connection {
  /** What is in use, which need not be what was chosen. */
  readonly transport = signal<Transport>("whep");
  /** Why WebRTC is not used although it was chosen. */
  readonly fallback = signal<string | null>(null);
  /** Tells from where to go on after a loss, as `open` takes it. */
  where: () => number | null = () => null;

  private readonly whep = new WhepLine();
  /** Whether WebRTC goes by the council's TURN servers. */
  readonly relayed = this.whep.relayed;
  private playback: HlsPlayback | null = null;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private readonly backoff = new Backoff();

  constructor(private readonly screen: Screen, private readonly choice: Choice, private readonly options: PlayerOptions) {
    this.transport.value = choice.way.value;
    screen.onPlaying = () => this.backoff.reset();
    // The relay should not have to find out by silence that a viewer has gone; a page that comes back from the
    // browser's cache starts anew.
    addEventListener("pagehide", () => this.whep.close());
    addEventListener("pageshow", (event) => {
      if (event.persisted && screen.wanted && this.transport.value === "whep") this.open(null);
    });
    // A network that is back, or another one, need not be waited for.
    addEventListener("online", () => {
      if (this.retry) this.again();
    });
  }

  /** What plays by HLS, when it does. */
  get hls(): HlsPlayback | null {
    return this.playback;
  }

  get byWhep(): boolean {
    return this.whep.busy;
  }

  /** Whether live comes by WebRTC, as far as is known. */
  get prefersWhep(): boolean {
    return this.options.live && this.choice.way.value === "whep" && this.fallback.value === null;
  }

  /** The wall-clock moment on the screen; null when nothing says. */
  get playingDate(): number | null {
    if (this.byWhep) return this.options.now() - WHEP_BEHIND_MS;
    return this.playback?.playingDate ?? null;
  }

  /** Start anew. `at` is a wall-clock moment, or null for now (live), or seconds (recording). */
  open(at: number | null): void {
    this.cancelRetry();
    this.attempt += 1;
    this.drop();
    if (this.prefersWhep && at === null) void this.openWhep(this.attempt);
    else void this.openHls(this.attempt, at);
  }

  /** Nobody watches for now: WebRTC gives its place back, HLS keeps what it has loaded. */
  rest(): void {
    this.cancelRetry();
    if (!this.byWhep) return;
    this.attempt += 1;
    this.whep.close();
  }

  private drop(): void {
    this.whep.close();
    this.playback?.destroy();
    this.playback = null;
  }

  private working(): void {
    const { phase } = this.screen;
    phase.value = phase.value === "reconnecting" ? "reconnecting" : "connecting";
  }

  private async openWhep(attempt: number): Promise<void> {
    this.transport.value = "whep";
    this.working();
    this.whep.onLost = () => this.lost(attempt);
    this.whep.onSilence = (silent) => this.screen.wait(silent);
    try {
      const stream = await this.whep.open(this.choice.whepUrl, { picture: this.choice.picture.value !== "sound" });
      if (attempt !== this.attempt) return;
      const { video } = this.screen;
      video.removeAttribute("src");
      video.srcObject = stream;
      video.playbackRate = 1;
      await this.screen.resume();
    } catch (error) {
      const fault = error instanceof WhepError ? error : new WhepError("refused", String(error));
      if (attempt === this.attempt && fault.fault !== "stopped") this.whepFailed(fault);
    }
  }

  private whepFailed(error: WhepError): void {
    // A server that is being started again is worth waiting for; a network that lets nothing through is not.
    const passing = error.fault === "refused" || error.fault === "unreachable";
    if (this.screen.phase.value === "reconnecting" && passing && this.backoff.count < WHEP_TRIES) {
      this.later();
      return;
    }
    this.fallback.value = error.message;
    announce(t("{reason} The meeting plays by HLS instead.", { reason: error.message }));
    this.open(null);
  }

  private async openHls(attempt: number, at: number | null): Promise<void> {
    this.transport.value = "hls";
    this.working();
    const { video } = this.screen;
    video.srcObject = null;
    const { live } = this.options;
    const hls = new HlsPlayback(video, this.choice.hlsUrl, {
      live, at: at ?? (live ? null : this.where()), language: this.choice.language.value, picture: this.choice.picture.value,
      captions: this.choice.captions.value,
    });
    this.playback = hls;
    hls.onLost = () => this.lost(attempt);
    try {
      await hls.start();
    } catch (error) {
      console.error(error);
      this.lost(attempt);
      return;
    }
    if (attempt !== this.attempt || !this.screen.wanted) return;
    video.playbackRate = live ? 1 : this.screen.rate.value;
    await this.screen.resume();
  }

  private lost(attempt: number): void {
    if (attempt !== this.attempt || !this.screen.wanted) return;
    if (this.screen.phase.value !== "reconnecting") announce(t("The connection was lost. Reconnecting."));
    this.screen.phase.value = "reconnecting";
    // When HLS fails as well, WebRTC is worth another try.
    if (this.transport.value !== "whep") this.fallback.value = null;
    this.later();
  }

  private later(): void {
    this.cancelRetry();
    this.retry = setTimeout(() => this.again(), this.backoff.next());
  }

  /** Begin anew where the viewer was. */
  private again(): void {
    this.open(this.where());
  }

  private cancelRetry(): void {
    if (this.retry) clearTimeout(this.retry);
    this.retry = null;
  }
}
