/** Everything the speaker's page knows and does; the views only show it. */

import { computed, effect, signal } from "@preact/signals";
import { announce } from "../shared/announcer";
import { ServerClock } from "../shared/clock";
import { deviceId } from "../shared/device";
import { t } from "../shared/i18n";
import type { PageData } from "../shared/page";
import { Connection, openSocket } from "../shared/socket";
import { Newest } from "../shared/versioned";
import type { Part, SpeakerSnapshot, SpeakerState } from "../shared/wire";
import { Programme } from "../webrtc/programme";
import { testNetwork, type Network } from "../webrtc/network";
import { Publisher, type LinkState } from "../webrtc/publisher";
import { Devices } from "./devices";
import { Help } from "./help";
import { active, begun, needsOf, type InvitedPart } from "./parts";
import { Meter, chime } from "./sound";

export interface SpeakerPage extends PageData {
  token: string;
  snapshot: SpeakerSnapshot;
  urls: { whep: string; meeting: string; moment: string; privacy: string };
}

const IN_THE_ROOM: readonly SpeakerState[] = ["checked_in", "called", "on_air"];
const SENDING: readonly SpeakerState[] = ["called", "on_air"];

export class Room {
  readonly clock = new ServerClock();
  readonly devices: Devices;
  readonly part: Part;
  readonly meter = new Meter();
  readonly programme: Programme;
  readonly connection: Connection;
  readonly snapshot: Newest<SpeakerSnapshot>;
  readonly replaced = signal(false);
  readonly consented = signal(false);
  readonly busy = signal(false);
  readonly failure = signal<string | null>(null);
  readonly link = signal<{ state: LinkState; words: string }>({ state: "off", words: "" });
  readonly returned = signal<MediaStream | null>(null);
  /** Whether the meeting is heard by the return, which is there without its picture as well. */
  readonly hears = computed(() => this.returned.value !== null && this.link.value.state === "connected");
  /** Whether its picture is wanted; nobody does without both. */
  readonly wantsPicture = signal(true);
  readonly privatePicture = signal<MediaStream | null>(null);
  readonly spoke = signal(false);
  readonly help: Help;
  /** Nothing gets through, and an officer was told. */
  readonly hopeless = signal(false);
  readonly testing = signal(false);
  /** Whether the socket was ever connected: before that, its absence is not worth a warning. */
  readonly begun = signal(false);

  private readonly publisher: Publisher;
  private sent: MediaStream | null = null;
  private tested: Network = "untested";
  private last: SpeakerState;

  constructor(readonly page: SpeakerPage) {
    this.last = page.snapshot.state;
    this.part = page.snapshot.part ?? "speaker";
    this.devices = new Devices(needsOf(this.part, page.snapshot.consent));
    this.programme = new Programme(page.urls.whep);
    this.snapshot = new Newest(page.snapshot, (ms) => this.clock.heard(ms));
    const auth = { token: page.token, device: deviceId(page.device) };
    this.connection = new Connection(openSocket("/speaker", page.socket, auth));
    this.connection.on<SpeakerSnapshot>("state", (next) => this.snapshot.offer(next));
    this.connection.on("replaced", () => this.takenOver());
    this.help = new Help(this.connection, this.snapshot.signal);
    this.publisher = new Publisher((sdp) => this.connection.ask("media.offer", { sdp }), () => this.servers());
    this.connection.on<{ studio: number }>("studio", ({ studio }) => this.publisher.follow(studio));
    this.publisher.onState = (state, words) => this.linked(state, words);
    this.publisher.onHopeless = () => this.giveUpHope();
    this.publisher.onReturn = (stream) => (this.returned.value = stream);
    this.publisher.onPrivatePicture = (stream) => (this.privatePicture.value = stream);
    this.devices.onTrack = (track) => void this.publisher.replace(track);
    effect(() => this.meter.watch(this.devices.stream.value));
    effect(() => this.follow(this.snapshot.value.state));
    effect(() => {
      const { state, by_phone: byPhone } = this.snapshot.value;
      // Whoever is on the telephone would hear the meeting twice.
      // Of a rehearsal there is no programme to watch before one is on air.
      const there = IN_THE_ROOM.includes(state) && !byPhone && !this.replaced.value && !page.snapshot.rehearsal;
      if (there && (this.wantsPicture.value || !this.hears.value)) this.programme.start();
      else this.programme.stop();
    });
    effect(() => this.send(this.snapshot.value, this.devices.stream.value));
    effect(() => {
      if (this.connection.connected.value) this.begun.value = true;
    });
    effect(() => {
      if (this.connection.refused.value?.code === "device_replaced") this.takenOver();
    });
    addEventListener("beforeunload", (event) => {
      if (this.inTheRoom && !this.replaced.peek()) event.preventDefault();
    });
    if (this.inTheRoom && !page.snapshot.by_phone) {
      this.consented.value = true;
      // A screen is chosen by pressing a button, not by loading a page.
      if (this.part !== "presenter") void this.devices.open();
    }
    this.connection.open();
  }

  get inTheRoom(): boolean {
    return IN_THE_ROOM.includes(this.snapshot.signal.peek().state);
  }

  /** Arriving is waiting. */
  async checkIn(): Promise<void> {
    await this.command("speaker.check_in", { device_check: this.found(this.tested) });
    void keepAwake();
  }

  /** Tell the council what the test found, without arriving. */
  async testDevice(): Promise<void> {
    this.testing.value = true;
    try {
      this.tested = await testNetwork(await this.servers());
      await this.command("speaker.test_device", { device_check: this.found(this.tested) });
    } finally {
      this.testing.value = false;
    }
  }

  private found(network: Network): object {
    const browser = browserName(navigator.userAgent);
    if (this.part === "presenter") return { browser };
    return {
      camera: this.devices.hasCamera.value ? "ok" : "none",
      microphone: this.meter.heard.value ? "heard" : "quiet",
      network,
      browser,
    };
  }

  /** The council's TURN servers; none when they cannot be had, so that the direct way is tried all the same. */
  private async servers(): Promise<RTCIceServer[]> {
    const answer = await this.connection.ask<{ ice_servers: RTCIceServer[] }>("media.servers", {});
    return answer.ok ? answer.ice_servers : [];
  }

  private linked(state: LinkState, words: string): void {
    this.link.value = { state, words };
    if (state !== "connected" || !this.hopeless.peek()) return;
    this.hopeless.value = false;
    void this.help.noNeed();
  }

  private giveUpHope(): void {
    if (this.part !== "speaker") return;
    this.hopeless.value = true;
    void this.help.ask("connection");
  }

  private async command(name: string, payload: object): Promise<void> {
    if (this.busy.value) return;
    this.busy.value = true;
    this.failure.value = null;
    const answer = await this.connection.command(name, payload);
    this.busy.value = false;
    if (!answer.ok) this.failure.value = answer.error.message;
  }

  /** What a change of state means to the ear, the title and the camera light. */
  private follow(state: SpeakerState): void {
    const before = this.last;
    this.last = state;
    document.title = this.part === "speaker" ? titleFor(state, this.page.snapshot.meeting_title) : invitedTitle(state, this.part, this.page.snapshot.meeting_title);
    if (state === before) return;
    if (this.part !== "speaker") {
      this.followInvited(state, before, this.part);
      return;
    }
    if (state === "called") {
      chime();
      navigator.vibrate?.([200, 100, 200]);
      announce(t("You are next. Stay here. You are not on air yet."));
    } else if (state === "on_air") {
      this.spoke.value = true;
      this.devices.setMuted(false);
      announce(t("You are on air. Everyone can see and hear you. Please speak now."));
    } else if (before === "on_air") {
      announce(t("You are off air."));
    }
    if (!IN_THE_ROOM.includes(state) && IN_THE_ROOM.includes(before)) this.devices.close();
  }

  private followInvited(state: SpeakerState, before: SpeakerState, part: InvitedPart): void {
    if (state === "on_air") {
      chime();
      this.devices.setMuted(false);
      announce(begun(part));
    } else if (before === "on_air") {
      announce(t("You have been sent out. Nobody sees or hears you now."));
      // A screen that was chosen for then is not shown by being brought in again.
      if (part === "presenter") this.devices.close();
    }
    if (!IN_THE_ROOM.includes(state)) this.devices.close();
  }

  /** The offer is made by itself: the resident has agreed, and staff decide when anybody sees it. */
  private send({ state, by_phone: byPhone }: SpeakerSnapshot, stream: MediaStream | null): void {
    if (byPhone && stream) this.devices.close();
    const wanted = SENDING.includes(state) && !byPhone && !this.replaced.value ? stream : null;
    if (wanted && this.sent) {
      this.sent = wanted;
      return;
    }
    if (wanted === this.sent) return;
    this.sent = wanted;
    if (wanted) {
      this.publisher.start(wanted);
    } else {
      this.publisher.stop();
      this.hopeless.value = false;
      this.returned.value = null;
      this.privatePicture.value = null;
    }
  }

  private takenOver(): void {
    this.replaced.value = true;
    this.publisher.stop();
    this.devices.close();
    this.connection.close();
    document.title = t("Opened on another device");
  }
}

function invitedTitle(state: SpeakerState, part: InvitedPart, meeting: string): string {
  if (state === "on_air") return `● ${active(part)} – ${meeting}`;
  return `${t("Waiting room")} – ${meeting}`;
}

export function titleFor(state: SpeakerState, meeting: string): string {
  if (state === "called") return `● ${t("You are next")} – ${meeting}`;
  if (state === "on_air") return `● ${t("You are on air")} – ${meeting}`;
  if (state === "checked_in") return `${t("Waiting room")} – ${meeting}`;
  return `${t("Speak at the meeting")} – ${meeting}`;
}

/** The family name only: staff need to know what they help with, and no more. */
export function browserName(agent: string): string {
  const found = [["Edge", /Edg\//], ["Firefox", /Firefox\//], ["Chrome", /Chrom(e|ium)\//], ["Safari", /Safari\//]] as const;
  const name = found.find(([, pattern]) => pattern.test(agent))?.[0] ?? "other";
  return /Mobile|Android|iPhone|iPad/.test(agent) ? `${name} (phone or tablet)` : name;
}

async function keepAwake(): Promise<void> {
  try {
    await navigator.wakeLock?.request("screen");
  } catch (error) {
    // A low battery refuses it; the page works without.
    console.info("The screen may go to sleep", error);
  }
}
