import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Publisher, type LinkState } from "../src/webrtc/publisher";
import type { Ack } from "../src/shared/wire";

/** A connection that never gets anywhere unless told. */
class FakePeer extends EventTarget {
  connectionState: RTCPeerConnectionState = "new";
  iceGatheringState = "complete";
  localDescription = { sdp: "v=0 offer" };
  closed = false;

  constructor(readonly configuration: RTCConfiguration) {
    super();
  }

  addTransceiver(): void {}
  createOffer(): Promise<object> { return Promise.resolve({}); }
  setLocalDescription(): Promise<void> { return Promise.resolve(); }
  setRemoteDescription(): Promise<void> { return Promise.resolve(); }
  getSenders(): [] { return []; }
  close(): void { this.closed = true; }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }
}

const TURN: RTCIceServer[] = [{ urls: ["turn:turn.example.org"], username: "1:speaker-7", credential: "x" }];
const stream = { getTracks: () => [], getAudioTracks: () => [] } as unknown as MediaStream;

function build(servers: RTCIceServer[], studio: () => Promise<number> = () => Promise.resolve(1)): { publisher: Publisher; peers: FakePeer[]; said: [LinkState, string][]; hopeless: () => number } {
  const peers: FakePeer[] = [];
  const said: [LinkState, string][] = [];
  let told = 0;
  const publisher = new Publisher(
    async (): Promise<Ack<{ sdp: string; studio: number }>> => ({ ok: true, sdp: "v=0 answer", studio: await studio() }),
    () => Promise.resolve(servers),
    (configuration) => {
      const peer = new FakePeer(configuration);
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
  );
  publisher.onState = (state, words) => said.push([state, words]);
  publisher.onHopeless = () => (told += 1);
  return { publisher, peers, said, hopeless: () => told };
}

async function attempts(peers: FakePeer[], n: number): Promise<FakePeer> {
  await vi.waitFor(() => expect(peers.length).toBe(n), { timeout: 60_000, interval: 500 });
  await vi.advanceTimersByTimeAsync(1);
  return peers[n - 1] as FakePeer;
}

describe("a speaker whose network lets nothing through", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tries any way, then the relay alone, then says that there is no hope, and goes on trying", async () => {
    const { publisher, peers, said, hopeless } = build(TURN);
    publisher.start(stream);
    (await attempts(peers, 1)).become("failed");
    expect(peers[0]?.configuration).toMatchObject({ iceTransportPolicy: "all", iceServers: TURN });
    expect(hopeless()).toBe(0);
    (await attempts(peers, 2)).become("failed");
    expect(peers[1]?.configuration).toMatchObject({ iceTransportPolicy: "relay", iceServers: TURN });
    expect(said.map(([, words]) => words)).toContain("Trying another way, by the council’s relay…");
    expect(hopeless()).toBe(1);
    (await attempts(peers, 3)).become("failed");
    expect(peers[2]?.configuration.iceTransportPolicy).toBe("all");
    expect(hopeless()).toBe(1);
    publisher.stop();
  });

  it("never asks for the relay alone where there is none", async () => {
    const { publisher, peers, hopeless } = build([]);
    publisher.start(stream);
    for (const n of [1, 2]) (await attempts(peers, n)).become("failed");
    expect(peers.map((peer) => peer.configuration.iceTransportPolicy)).toEqual(["all", "all"]);
    expect(hopeless()).toBe(1);
    publisher.stop();
  });

  it("is patient for ten seconds with a connection that says nothing", async () => {
    const { publisher, peers } = build(TURN);
    publisher.start(stream);
    const first = await attempts(peers, 1);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(first.closed).toBe(false);
    await attempts(peers, 2);
    expect(first.closed).toBe(true);
    publisher.stop();
  });

  it("begins anew with any way after it was connected", async () => {
    const { publisher, peers, hopeless } = build(TURN);
    publisher.start(stream);
    (await attempts(peers, 1)).become("failed");
    const relayed = await attempts(peers, 2);
    relayed.become("connected");
    relayed.become("failed");
    await attempts(peers, 3);
    expect(hopeless()).toBe(0);
    publisher.stop();
  });

  it("does nothing any more once it is stopped", async () => {
    const { publisher, peers } = build(TURN);
    publisher.start(stream);
    publisher.stop();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(peers).toEqual([]);
  });
});

describe("a speaker whose studio dies", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("connects to the next one as soon as it hears of it, and once", async () => {
    let studio = 1;
    const { publisher, peers } = build([], () => Promise.resolve(studio));
    publisher.start(stream);
    (await attempts(peers, 1)).become("connected");
    publisher.follow(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers).toHaveLength(1);
    studio = 2;
    publisher.follow(2);
    publisher.follow(2);
    await vi.advanceTimersByTimeAsync(1);
    publisher.follow(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers.map((peer) => peer.closed)).toEqual([true, false]);
    publisher.stop();
  });

  it("does not wait for its next try then", async () => {
    const { publisher, peers } = build([]);
    publisher.start(stream);
    (await attempts(peers, 1)).become("failed");
    publisher.follow(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(peers).toHaveLength(2);
    publisher.stop();
  });

  it("lets an offer be answered that is on its way", async () => {
    let answer: (studio: number) => void = () => undefined;
    const { publisher, peers } = build([], () => new Promise((resolve) => (answer = resolve)));
    publisher.start(stream);
    await attempts(peers, 1);
    publisher.follow(2);
    answer(2);
    await vi.advanceTimersByTimeAsync(1);
    publisher.follow(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers).toHaveLength(1);
    publisher.stop();
  });

  it("does nothing where nothing is sent", async () => {
    const { publisher, peers } = build([]);
    publisher.follow(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(peers).toEqual([]);
  });
});
