/** Deterministic stand-ins for what only a browser and a server have. */

import type { Wire } from "../src/shared/socket";
import type { WhepParts } from "../src/webrtc/whep";

/** A browser's offer, as far as somebody here reads it. */
export function offerOf(restarts: number): string {
  const names = [`a=ice-ufrag:them${restarts}`, `a=ice-pwd:${"p".repeat(24)}`];
  return [
    "v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0 1",
    "m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", "a=mid:0", ...names, "a=setup:actpass",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111", "c=IN IP4 0.0.0.0", "a=mid:1", ...names, "",
  ].join("\r\n");
}

export class FakePeer extends EventTarget {
  connectionState: RTCPeerConnectionState = "new";
  localDescription: RTCSessionDescriptionInit | null = null;
  remote: RTCSessionDescriptionInit | null = null;
  closed = false;
  bytes = 1000;
  /** How often ICE was restarted. */
  restarts = 0;
  readonly transceivers: [string, string][] = [];

  constructor(readonly configuration: RTCConfiguration) {
    super();
  }

  addTransceiver(kind: string, init: RTCRtpTransceiverInit): void {
    this.transceivers.push([kind, init.direction ?? ""]);
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    return { type: "offer", sdp: offerOf(this.restarts) };
  }

  restartIce(): void {
    this.restarts += 1;
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.remote = description;
    this.dispatchEvent(new Event("answered"));
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map([["in", { type: "inbound-rtp", bytesReceived: this.bytes }]]);
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  close(): void {
    this.closed = true;
  }
}

export interface Request {
  url: string;
  method: string;
  body: unknown;
}

export class FakeWhep {
  readonly requests: Request[] = [];
  readonly peers: FakePeer[] = [];
  answer: () => Response | Promise<Response> = () =>
    new Response("answer", { status: 201, headers: { Location: "/meetings/m/whep/s1" } });

  readonly parts: WhepParts = {
    fetch: async (url, init) => {
      this.requests.push({ url, method: init.method ?? "GET", body: init.body });
      return init.method === "DELETE" ? new Response("") : this.answer();
    },
    peer: (configuration) => {
      const peer = new FakePeer(configuration);
      this.peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    stream: () => ({ addTrack: () => undefined }) as unknown as MediaStream,
  };

  get peer(): FakePeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error("No connection was made.");
    return peer;
  }
}

type Listener = (payload?: unknown) => void;

/** A socket whose server is a function in the test. */
export class FakeWire implements Wire {
  connected = false;
  readonly sent: { event: string; payload: Record<string, unknown> }[] = [];
  /** Gives the acknowledgement, or undefined for silence. */
  server: (event: string, payload: Record<string, unknown>) => unknown = () => ({ ok: true });
  private listeners = new Map<string, Listener[]>();

  on(event: string, listener: (...args: never[]) => void): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener as Listener]);
  }

  emit(event: string, payload: object, ack: (answer: unknown) => void): void {
    this.sent.push({ event, payload: payload as Record<string, unknown> });
    const answer = this.server(event, payload as Record<string, unknown>);
    if (answer !== undefined) queueMicrotask(() => ack(answer));
  }

  receive(event: string, payload?: unknown): void {
    for (const listener of this.listeners.get(event) ?? []) listener(payload);
  }

  connect(): void {
    this.connected = true;
    this.receive("connect");
  }

  disconnect(): void {
    this.connected = false;
    this.receive("disconnect");
  }
}
