import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WhepError, WhepSession } from "../src/webrtc/whep";
import { FakeWhep } from "./fakes";

const URL_WHEP = "http://council.test/meetings/m/whep";

const LINK = '<stun:stun.test>; rel="ice-server", <turn:turn.test>; rel="ice-server"; username="u"; credential="c"; credential-type="password"';
const RELAY = { urls: "turn:turn.test", username: "u", credential: "c" };

async function connected(fake: FakeWhep): Promise<WhepSession> {
  const session = new WhepSession(URL_WHEP, {}, fake.parts);
  const started = session.start();
  await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
  fake.peer.become("connected");
  await started;
  return session;
}

async function failure(promise: Promise<unknown>): Promise<WhepError> {
  return promise.then(
    () => Promise.reject(new Error("It should have failed.")),
    (error: unknown) => error as WhepError,
  );
}

describe("a WHEP session", () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());

  it("offers to receive picture and sound, asks no STUN server, and says goodbye at its own address", async () => {
    const fake = new FakeWhep();
    const session = await connected(fake);
    expect(fake.peer.transceivers).toEqual([["video", "recvonly"], ["audio", "recvonly"]]);
    expect(fake.peer.configuration.iceServers).toEqual([]);
    session.stop();
    session.stop();
    expect(fake.peer.closed).toBe(true);
    expect(fake.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `POST ${URL_WHEP}`, "DELETE http://council.test/meetings/m/whep/s1",
    ]);
  });

  it("asks for no picture when only the sound is wanted", async () => {
    const fake = new FakeWhep();
    const started = new WhepSession(URL_WHEP, { picture: false }, fake.parts).start();
    await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
    fake.peer.become("connected");
    await started;
    expect(fake.peer.transceivers).toEqual([["audio", "recvonly"]]);
  });

  it("fails with the server's own words when it is full", async () => {
    const fake = new FakeWhep();
    fake.answer = () => new Response(JSON.stringify({ title: "Full", detail: "All places are taken." }), {
      status: 503, headers: { "Content-Type": "application/problem+json" },
    });
    const error = await failure(new WhepSession(URL_WHEP, {}, fake.parts).start());
    expect(error).toMatchObject({ fault: "refused", status: 503, message: "All places are taken." });
    expect(fake.peer.closed).toBe(true);
  });

  it("fails when the server cannot be reached", async () => {
    const fake = new FakeWhep();
    fake.answer = () => Promise.reject(new TypeError("network"));
    expect((await failure(new WhepSession(URL_WHEP, {}, fake.parts).start())).fault).toBe("unreachable");
  });

  it("fails at once where there is no WebRTC", async () => {
    const fake = new FakeWhep();
    const session = new WhepSession(URL_WHEP, {}, { ...fake.parts, peer: null });
    expect((await failure(session.start())).fault).toBe("unsupported");
    expect(fake.requests).toEqual([]);
  });

  it("gives up after five seconds without a path, and releases the session", async () => {
    const fake = new FakeWhep();
    const failed = failure(new WhepSession(URL_WHEP, {}, fake.parts).start());
    await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
    await vi.advanceTimersByTimeAsync(5000);
    expect((await failed).fault).toBe("no_path");
    expect(fake.requests.at(-1)?.method).toBe("DELETE");
  });

  it("fails as soon as ICE has failed", async () => {
    const fake = new FakeWhep();
    const failed = failure(new WhepSession(URL_WHEP, {}, fake.parts).start());
    await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
    fake.peer.become("failed");
    expect((await failed).fault).toBe("no_path");
  });

  it("waits less long for a direct path when the answer names a relay", async () => {
    const fake = new FakeWhep();
    fake.answer = () => new Response("answer", { status: 201, headers: { Link: LINK } });
    const session = new WhepSession(URL_WHEP, {}, fake.parts);
    const failed = failure(session.start());
    await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
    await vi.advanceTimersByTimeAsync(3000);
    expect((await failed).fault).toBe("no_path");
    expect(session.relays).toEqual([RELAY]);
  });

  it("tries nothing but the relays that it is given, for as long as any other", async () => {
    const fake = new FakeWhep();
    fake.answer = () => new Response("answer", { status: 201, headers: { Link: LINK } });
    const started = new WhepSession(URL_WHEP, { relays: [RELAY] }, fake.parts).start();
    await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
    expect(fake.peer.configuration).toMatchObject({ iceServers: [RELAY], iceTransportPolicy: "relay" });
    await vi.advanceTimersByTimeAsync(4000);
    fake.peer.become("connected");
    await started;
  });

  it("is lost once when nothing arrives for three seconds", async () => {
    const fake = new FakeWhep();
    const session = await connected(fake);
    let lost = 0;
    session.onLost = () => (lost += 1);
    for (let second = 0; second < 3; second += 1) {
      fake.peer.bytes += 500;
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(lost).toBe(0);
    await vi.advanceTimersByTimeAsync(6000);
    expect(lost).toBe(1);
  });

  it("says goodbye to the house that it was sent on to", async () => {
    const fake = new FakeWhep();
    fake.answer = () => {
      const answer = new Response("answer", { status: 201, headers: { Location: "/meetings/m/whep/s2" } });
      return Object.defineProperty(answer, "url", { value: "http://second.test/meetings/m/whep" });
    };
    const session = await connected(fake);
    session.stop();
    expect(fake.requests.at(-1)).toMatchObject({ method: "DELETE", url: "http://second.test/meetings/m/whep/s2" });
  });

  it("releases a session whose answer came after the viewer had left", async () => {
    const fake = new FakeWhep();
    let give: (response: Response) => void = () => undefined;
    fake.answer = () => new Promise((resolve) => (give = resolve));
    const session = new WhepSession(URL_WHEP, {}, fake.parts);
    const failed = failure(session.start());
    await vi.waitFor(() => expect(fake.requests).toHaveLength(1));
    session.stop();
    give(new Response("answer", { status: 201, headers: { Location: "/meetings/m/whep/late" } }));
    expect((await failed).fault).toBe("stopped");
    await vi.waitFor(() => expect(fake.requests.at(-1)).toMatchObject({ method: "DELETE", url: "http://council.test/meetings/m/whep/late" }));
  });
});
