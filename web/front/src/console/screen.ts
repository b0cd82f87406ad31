/** The officer's screen, shared as the presentation of the meeting. */

import { signal } from "@preact/signals";
import { t } from "../shared/i18n";
import type { StudioStatus } from "../shared/wire";

const GATHER_MS = 1500;
const UNSTEADY_MS = 4000;

/** What the browser lends: replaced in tests. */
export interface Browser {
  capture: () => Promise<MediaStream>;
  connect: () => RTCPeerConnection;
  fetch: typeof fetch;
}

const browser: Browser = {
  capture: () => navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 25 }, width: { max: 1920 }, height: { max: 1080 } }, audio: true }),
  connect: () => new RTCPeerConnection({ iceServers: [], bundlePolicy: "max-bundle" }),
  fetch: (...request) => fetch(...request),
};

export class ScreenShare {
  readonly sharing = signal<"no" | "starting" | "yes">("no");
  /** The meeting takes it no more, and the officer did not end it. */
  onLost: (words: string) => void = () => {};
  private connection: RTCPeerConnection | null = null;
  private stream: MediaStream | null = null;
  private session: string | null = null;
  private studio: Pick<StudioStatus, "session" | "gate"> | null = null;

  constructor(private readonly endpoint: string, private readonly lent: Browser = browser) {}

  /** Ask for the screen and send it. Tells what went wrong, in a sentence; nothing when it works or was called off. */
  async start(): Promise<string | null> {
    if (this.sharing.peek() !== "no") return null;
    this.sharing.value = "starting";
    try {
      return await this.open();
    } catch (error) {
      await this.stop();
      if (error instanceof DOMException && error.name === "NotAllowedError") return null;
      return t("The screen could not be shared: {reason}", { reason: String(error) });
    }
  }

  /** What the studio says. When another one took over, the same screen goes to that one, unless the gate has moved. */
  async follow(studio: Pick<StudioStatus, "session" | "gate"> | null): Promise<void> {
    const before = this.studio;
    this.studio = studio ?? before;
    const { stream } = this;
    if (!studio || !before || !stream || studio.session === before.session || this.sharing.peek() !== "yes") return;
    // What was shown among those in a private session is not for those who come back.
    if (studio.gate.changes !== before.gate.changes) return;
    this.connection?.close();
    try {
      const trouble = await this.send(stream);
      if (trouble) this.onLost(trouble);
    } catch (error) {
      if (stream !== this.stream) return;
      await this.stop();
      this.onLost(t("The screen could not be shared: {reason}", { reason: String(error) }));
    }
  }

  async stop(): Promise<void> {
    this.sharing.value = "no";
    this.stream?.getTracks().forEach((track) => track.stop());
    this.connection?.close();
    this.stream = this.connection = null;
    const session = this.session;
    this.session = null;
    if (session) await this.lent.fetch(session, { method: "DELETE" });
  }

  private async unsteady(connection: RTCPeerConnection): Promise<void> {
    if (connection.connectionState === "disconnected") await this.lost(connection);
  }

  private async lost(connection: RTCPeerConnection): Promise<void> {
    if (connection !== this.connection) return;
    this.onLost(t("Your screen is not shared any more: the private session or the connection ended. Share it again if it should be seen."));
    await this.stop();
  }

  private async open(): Promise<string | null> {
    const stream = (this.stream = await this.lent.capture());
    for (const track of stream.getVideoTracks()) {
      // Text must stay readable, and may come a little later.
      if ("contentHint" in track) track.contentHint = "detail";
      track.addEventListener("ended", () => void this.stop());
    }
    return this.send(stream);
  }

  private async send(stream: MediaStream): Promise<string | null> {
    const connection = (this.connection = this.lent.connect());
    for (const track of stream.getTracks()) connection.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    connection.addEventListener("connectionstatechange", () => {
      if (connection.connectionState === "failed") void this.lost(connection);
      // A meeting that hangs up looks like this first, and ICE takes half a minute to give up.
      if (connection.connectionState === "disconnected") setTimeout(() => void this.unsteady(connection), UNSTEADY_MS);
    });
    await connection.setLocalDescription(await connection.createOffer());
    await gathered(connection);
    const response = await this.lent.fetch(this.endpoint, {
      method: "POST", headers: { "Content-Type": "application/sdp" }, body: connection.localDescription?.sdp ?? "",
    });
    if (!response.ok) {
      const problem = (await response.json()) as { detail?: string };
      await this.stop();
      return problem.detail ?? t("The meeting server did not take the screen.");
    }
    this.session = response.headers.get("Location");
    await connection.setRemoteDescription({ type: "answer", sdp: await response.text() });
    this.sharing.value = "yes";
    return null;
  }
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MS);
    connection.addEventListener("icegatheringstatechange", () => {
      if (connection.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    });
  });
}
