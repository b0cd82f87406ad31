/** A remote speaker's connection to the studio: camera and microphone go out, the mix-minus return comes back. */

import { t } from "../shared/i18n";
import type { Ack } from "../shared/wire";

/** `studio`: which one answered. */
export type Offer = (sdp: string) => Promise<Ack<{ sdp: string; studio: number }>>;
export type LinkState = "off" | "connecting" | "connected" | "broken";
/** The council's TURN servers, with credentials for the next hours. */
export type Servers = () => Promise<RTCIceServer[]>;

const GATHER_MS = 1500;
const CONNECT_MS = 10_000;
const UNSTEADY_MS = 4000;
/** One attempt any way there is, one by the relay alone; who fails both needs a telephone. */
const TRIES_BEFORE_TELEPHONE = 2;

export class Publisher {
  onState: (state: LinkState, words: string) => void = () => {};
  /** The programme without the speaker's own voice. */
  onReturn: (stream: MediaStream) => void = () => {};
  /** The picture of a private session; it stays dark unless an officer admits the speaker. */
  onPrivatePicture: (stream: MediaStream) => void = () => {};

  /** Called when nothing gets through, once for each time it is started. */
  onHopeless: () => void = () => {};

  private connection: RTCPeerConnection | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** What is sent; null when nothing is. */
  private stream: MediaStream | null = null;
  /** The studio at the other end; null until it has answered. */
  private studio: number | null = null;
  private turn = 0;
  private tries = 0;

  constructor(
    private readonly offer: Offer,
    private readonly servers: Servers = () => Promise.resolve([]),
    private readonly peer: (configuration: RTCConfiguration) => RTCPeerConnection = (configuration) => new RTCPeerConnection(configuration),
  ) {}

  /** Connect, and stay connected until `stop`. */
  start(stream: MediaStream): void {
    this.stop();
    this.stream = stream;
    this.tries = 0;
    void this.connect(stream);
  }

  stop(): void {
    this.stream = null;
    this.hangUp();
    this.onState("off", "");
  }

  /** This studio works now. A connection to another one has ended, which the browser would notice seconds later. */
  follow(studio: number): void {
    const asked = this.connection !== null && this.studio === null;
    if (!this.stream || asked || this.studio === studio) return;
    void this.connect(this.stream);
  }

  /** Send another camera or microphone without a new connection. */
  async replace(track: MediaStreamTrack): Promise<void> {
    const sender = this.connection?.getSenders().find((candidate) => candidate.track?.kind === track.kind);
    await sender?.replaceTrack(track);
  }

  private hangUp(): void {
    clearTimeout(this.retry);
    this.connection?.close();
    this.connection = null;
    this.studio = null;
    this.turn += 1;
  }

  private async connect(stream: MediaStream): Promise<void> {
    this.hangUp();
    const turn = this.turn;
    const iceServers = await this.servers();
    if (turn !== this.turn) return;
    // Some networks let a direct path begin and then lose it: the second attempt does not even try one.
    const relayed = iceServers.length > 0 && this.tries % 2 === 1;
    this.onState("connecting", connectingWords(this.tries, relayed));
    const connection = this.peer({ iceServers, iceTransportPolicy: relayed ? "relay" : "all", bundlePolicy: "max-bundle" });
    this.connection = connection;
    for (const track of stream.getTracks()) {
      connection.addTransceiver(track, { direction: track.kind === "audio" ? "sendrecv" : "sendonly", streams: [stream] });
    }
    // Who sends no sound hears the return all the same.
    if (!stream.getAudioTracks().length) connection.addTransceiver("audio", { direction: "recvonly" });
    connection.addTransceiver("video", { direction: "recvonly" });
    connection.addEventListener("track", (event) => {
      if (event.track.kind === "audio") this.onReturn(new MediaStream([event.track]));
      else this.onPrivatePicture(new MediaStream([event.track]));
    });
    const given = setTimeout(() => this.failed(connection, stream, noPath()), CONNECT_MS);
    connection.addEventListener("connectionstatechange", () => {
      if (connection !== this.connection) return;
      if (connection.connectionState === "connected") {
        clearTimeout(given);
        this.tries = 0;
        this.onState("connected", "");
      }
      if (connection.connectionState === "failed") this.failed(connection, stream, noPath());
      if (connection.connectionState === "disconnected") this.unsteady(connection, stream);
    });
    try {
      await connection.setLocalDescription(await connection.createOffer());
      await gathered(connection);
      const answer = await this.offer(connection.localDescription?.sdp ?? "");
      if (connection !== this.connection) return;
      if (!answer.ok) {
        this.failed(connection, stream, answer.error.message);
        return;
      }
      this.studio = answer.studio;
      await connection.setRemoteDescription({ type: "answer", sdp: answer.sdp });
    } catch (error) {
      this.failed(connection, stream, String(error));
    } finally {
      if (connection !== this.connection) clearTimeout(given);
    }
  }

  /** ICE takes half a minute to give up; a speaker on air cannot wait that long. */
  private unsteady(connection: RTCPeerConnection, stream: MediaStream): void {
    this.onState("connecting", t("The connection is unsteady…"));
    setTimeout(() => {
      if (connection.connectionState === "disconnected") this.failed(connection, stream, noPath());
    }, UNSTEADY_MS);
  }

  private failed(connection: RTCPeerConnection, stream: MediaStream, words: string): void {
    if (connection !== this.connection) return;
    this.hangUp();
    this.tries += 1;
    this.onState("broken", words);
    if (this.tries === TRIES_BEFORE_TELEPHONE) this.onHopeless();
    this.retry = setTimeout(() => void this.connect(stream), Math.min(1000 * 2 ** (this.tries - 1), 8000));
  }
}

/** The studio is not told candidates later, so the offer waits for those that come quickly. */
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

function connectingWords(tries: number, relayed: boolean): string {
  if (relayed) return t("Trying another way, by the council’s relay…");
  return tries ? t("Connecting again…") : t("Connecting to the meeting…");
}

function noPath(): string {
  return t("Camera and microphone do not get through this network. Trying again. If it goes on, use another network, for example your phone’s, or call the council.");
}
