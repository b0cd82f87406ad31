/** Camera and microphone: asking for them, choosing among them, and saying in words why one is not to be had. */

import { computed, signal } from "@preact/signals";
import { t } from "../shared/i18n";
import type { Needs } from "./parts";

export interface Trouble {
  what: string;
  todo: string;
}

/** What went wrong with `getUserMedia`, and what to do. */
export function explain(error: unknown, kind: "camera" | "microphone" | "screen" | "both"): Trouble {
  const name = error instanceof Error ? error.name : "";
  const thing = kind === "camera" ? t("the camera") : kind === "microphone" ? t("the microphone") : kind === "screen" ? t("the screen") : t("the camera and microphone");
  switch (name) {
    case "NotAllowedError":
      return {
        what: t("This page is not allowed to use {thing}.", { thing }),
        todo: t("Press the camera or padlock symbol beside the address at the top of the browser, choose “Allow”, then try again. On a phone or a Mac, the system settings must also allow the browser to use {thing}.", { thing }),
      };
    case "NotFoundError":
    case "OverconstrainedError":
      return {
        what: t("{thing} was not found.", { thing: capital(thing) }),
        todo: t("Plug it in, or switch it on, then try again."),
      };
    case "NotReadableError":
    case "AbortError":
      return {
        what: t("{thing} is being used by another program, or does not answer.", { thing: capital(thing) }),
        todo: t("Close other programs that make video calls, then try again. If that does not help, restart the browser."),
      };
    case "SecurityError":
      return insecure();
    default:
      return {
        what: t("{thing} could not be started.", { thing: capital(thing) }),
        todo: t("Try again, or open your link in another browser or on another device."),
      };
  }
}

function insecure(): Trouble {
  return {
    what: t("This browser does not let this page use a camera or microphone."),
    todo: t("Open your link in an up-to-date Chrome, Edge, Firefox or Safari, with an address that begins with https."),
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25 } };

const SCREEN: MediaTrackConstraints = { frameRate: { max: 25 }, width: { max: 1920 }, height: { max: 1080 } };

export class Devices {
  readonly stream = signal<MediaStream | null>(null);
  readonly asking = signal(false);
  /** Why there is no microphone: without one nobody can speak. */
  readonly trouble = signal<Trouble | null>(null);
  /** Why there is no camera although there is a microphone. */
  readonly withoutCamera = signal<Trouble | null>(null);
  readonly cameras = signal<MediaDeviceInfo[]>([]);
  readonly microphones = signal<MediaDeviceInfo[]>([]);
  readonly speakers = signal<MediaDeviceInfo[]>([]);
  readonly muted = signal(false);
  readonly ready = computed(() => Boolean(
    this.needs === "both" || this.needs === "sound" ? this.stream.value?.getAudioTracks().length : this.stream.value?.getVideoTracks().length,
  ));
  readonly hasCamera = computed(() => Boolean(this.stream.value?.getVideoTracks().length));
  /** Called when a running connection should send another track. */
  onTrack: (track: MediaStreamTrack) => void = () => {};

  constructor(readonly needs: Needs = "both") {}

  /** Ask for what is needed; of both, the microphone alone will do. */
  async open(): Promise<boolean> {
    this.trouble.value = null;
    this.withoutCamera.value = null;
    if (!navigator.mediaDevices?.getUserMedia) {
      this.trouble.value = insecure();
      return false;
    }
    this.asking.value = true;
    try {
      this.adopt(await this.ask());
      await this.list();
      navigator.mediaDevices.addEventListener("devicechange", () => void this.list());
      return true;
    } catch (error) {
      // Somebody who closes the browser's choice of screens has changed their mind.
      if (this.needs !== "screen" || !(error instanceof Error && error.name === "NotAllowedError")) {
        this.trouble.value = explain(error, this.needs === "picture" ? "camera" : this.needs === "screen" ? "screen" : "microphone");
      }
      return false;
    } finally {
      this.asking.value = false;
    }
  }

  private async ask(): Promise<MediaStream> {
    if (this.needs === "screen") return navigator.mediaDevices.getDisplayMedia({ video: SCREEN, audio: false });
    if (this.needs === "sound") return navigator.mediaDevices.getUserMedia({ audio: SOUND });
    if (this.needs === "picture") return navigator.mediaDevices.getUserMedia({ video: PICTURE });
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: SOUND, video: PICTURE });
    } catch (error) {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: SOUND });
      this.withoutCamera.value = explain(error, "camera");
      return stream;
    }
  }

  private adopt(stream: MediaStream): void {
    this.close();
    this.stream.value = stream;
    this.applyMute();
    for (const track of stream.getTracks()) {
      track.addEventListener("ended", () => {
        if (this.stream.value !== stream) return;
        if (this.needs === "screen") {
          this.close();
          return;
        }
        const kind = track.kind === "video" ? "camera" : "microphone";
        const trouble = explain(Object.assign(new Error(), { name: "NotReadableError" }), kind);
        if (kind === "microphone" || this.needs === "picture") this.trouble.value = trouble;
        else this.withoutCamera.value = trouble;
      });
    }
  }

  private async list(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind): MediaDeviceInfo[] => all.filter((device) => device.kind === kind && device.deviceId);
    this.cameras.value = of("videoinput");
    this.microphones.value = of("audioinput");
    this.speakers.value = of("audiooutput");
  }

  /** Use another camera or microphone. */
  async choose(kind: "camera" | "microphone", deviceId: string): Promise<void> {
    const wish = { deviceId: { exact: deviceId } };
    try {
      const fresh = await navigator.mediaDevices.getUserMedia(
        kind === "camera" ? { video: { ...PICTURE, ...wish } } : { audio: { ...SOUND, ...wish } },
      );
      const [track] = fresh.getTracks();
      const held = this.stream.value;
      if (!track || !held) return;
      const others = held.getTracks().filter((old) => old.kind !== track.kind);
      for (const old of held.getTracks()) if (old.kind === track.kind) old.stop();
      this.stream.value = new MediaStream([...others, track]);
      this.applyMute();
      this.onTrack(track);
    } catch (error) {
      const trouble = explain(error, kind);
      if (kind === "camera") this.withoutCamera.value = trouble;
      else this.trouble.value = trouble;
    }
  }

  setMuted(muted: boolean): void {
    this.muted.value = muted;
    this.applyMute();
  }

  private applyMute(): void {
    for (const track of this.stream.value?.getAudioTracks() ?? []) track.enabled = !this.muted.value;
  }

  /** Let go of camera and microphone: the lights go out. */
  close(): void {
    for (const track of this.stream.value?.getTracks() ?? []) track.stop();
    this.stream.value = null;
  }
}
