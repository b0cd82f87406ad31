import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Screen } from "../src/player/screen";
import { fragmentOf, renamed } from "../src/webrtc/restart";
import { TIMES, Vigil, type Received, type Verdict } from "../src/webrtc/vigil";
import { WhepSession } from "../src/webrtc/whep";
import { FakeWhep, offerOf } from "./fakes";

const ANSWER = [
  "v=0", "a=ice-lite", "a=group:BUNDLE 0 1",
  "m=video 7000 UDP/TLS/RTP/SAVPF 96", "a=mid:0", "a=ice-ufrag:us0", "a=ice-pwd:old", "a=candidate:1 1 udp 1 10.0.0.1 7000 typ host", "a=end-of-candidates",
  "m=audio 7000 UDP/TLS/RTP/SAVPF 111", "a=mid:1", "a=ice-ufrag:us0", "a=ice-pwd:old", "a=candidate:1 1 udp 1 10.0.0.1 7000 typ host", "a=end-of-candidates", "",
].join("\r\n");
const FRAGMENT = [
  "a=ice-lite", "a=group:BUNDLE 0 1", "m=video 7000 UDP/TLS/RTP/SAVPF 96", "a=mid:0",
  "a=ice-ufrag:us1", "a=ice-pwd:new", "a=candidate:1 1 udp 1 10.0.0.2 7000 typ host", "a=end-of-candidates", "",
].join("\r\n");

describe("an ICE restart", () => {
  it("is asked for by the names of the first section alone", () => {
    expect(fragmentOf(offerOf(2)).split("\r\n")).toEqual([
      "a=group:BUNDLE 0 1", "m=video 9 UDP/TLS/RTP/SAVPF 96", "a=mid:0", "a=ice-ufrag:them2", `a=ice-pwd:${"p".repeat(24)}`, "",
    ]);
  });

  it("changes names and candidates of every section and nothing else", () => {
    const changed = ANSWER.replaceAll("us0", "us1").replaceAll("old", "new").replaceAll("10.0.0.1", "10.0.0.2");
    expect(renamed(ANSWER, FRAGMENT)).toBe(changed);
  });
});

function come(media: number, path = media): Received {
  return { media, path };
}

/** What is said at each look while nothing comes, until the end. */
function silence(vigil: Vigil, bytes: number, looks: number): Verdict[] {
  return Array.from({ length: looks }, () => vigil.look(come(bytes), "connected"));
}

describe("the vigil", () => {
  it("is content while something comes, however little", () => {
    const vigil = new Vigil();
    for (let bytes = 0; bytes < 20; bytes += 1) expect(vigil.look(come(bytes), "connected")).toBe("well");
  });

  it("asks for one restart, and gives up what was refused after a second and a half", () => {
    const vigil = new Vigil();
    vigil.look(come(9), "connected");
    expect(silence(vigil, 9, 2)).toEqual(["well", "restart"]);
    vigil.tried("refused");
    expect([silence(vigil, 9, 2), vigil.silent]).toEqual([["wait", "wait"], false]);
    expect([silence(vigil, 9, 1), vigil.silent]).toEqual([["lost"], true]);
  });

  it("gives up at once what is gone or closed", () => {
    const vigil = new Vigil();
    silence(vigil, 9, 3);
    vigil.tried("gone");
    expect(vigil.look(come(9), "connected")).toBe("lost");
    expect(new Vigil().look(come(9), "closed")).toBe("lost");
  });

  it("gives a restart that was agreed on time to find a path", () => {
    const vigil = new Vigil();
    silence(vigil, 9, 3);
    vigil.tried("agreed");
    expect(silence(vigil, 9, 4)).toEqual(Array(4).fill("wait"));
    expect(vigil.look(come(9), "connected")).toBe("lost");
    expect(vigil.look(come(10), "connected")).toBe("well");
  });

  it("waits ten seconds for a studio where the relay goes on reporting", () => {
    const vigil = new Vigil();
    vigil.look(come(9), "connected");
    const said: Verdict[] = [];
    for (let path = 9; said.at(-1) !== "lost"; path += Number(said.length % 3 === 0)) {
      said.push(vigil.look(come(9, path), "connected"));
      if (said.at(-1) === "restart") vigil.tried("agreed");
    }
    expect(said.filter((one) => one === "restart")).toHaveLength(1);
    expect(said.length * TIMES.lookMs).toBeGreaterThanOrEqual(TIMES.awayMs);
    expect(vigil.silent).toBe(true);
  });

  it("takes no report from before a restart for a path that it found", () => {
    const vigil = new Vigil();
    vigil.look(come(9), "connected");
    expect([1, 2].map((more) => vigil.look(come(9, 9 + more), "connected"))).toEqual(["well", "restart"]);
    vigil.tried("agreed");
    expect(silence(vigil, 9, 5).at(-1)).toBe("lost");
  });

  it("asks again and again while nothing answers, and holds on for ten seconds", () => {
    const vigil = new Vigil();
    vigil.look(come(9), "connected");
    const said: Verdict[] = [];
    while (said.at(-1) !== "lost") {
      said.push(vigil.look(come(9), "disconnected"));
      if (said.at(-1) === "restart") vigil.tried("unanswered");
    }
    expect(said.length * TIMES.lookMs).toBeGreaterThanOrEqual(TIMES.awayMs);
    expect(said.filter((one) => one === "restart").length).toBeGreaterThan(20);
  });

  it("begins anew when something comes", () => {
    const vigil = new Vigil();
    silence(vigil, 9, 3);
    vigil.tried("refused");
    expect([vigil.look(come(10), "connected"), vigil.silent]).toEqual(["well", false]);
    expect(silence(vigil, 10, 2)).toEqual(["well", "restart"]);
  });
});

describe("a WHEP session on which nothing comes", () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());

  async function connected(fake: FakeWhep): Promise<{ session: WhepSession; said: (boolean | "lost")[] }> {
    fake.answer = () => new Response(ANSWER, { status: 201, headers: { Location: "/meetings/m/whep/s1" } });
    const session = new WhepSession("http://council.test/meetings/m/whep", {}, fake.parts);
    const said: (boolean | "lost")[] = [];
    session.onLost = () => said.push("lost");
    session.onSilence = (silent) => said.push(silent);
    const started = session.start();
    await vi.waitFor(() => expect(fake.peer.remote).not.toBeNull());
    fake.peer.become("connected");
    await started;
    return { session, said };
  }

  it("takes other names and goes on over the same connection", async () => {
    const fake = new FakeWhep();
    const { said } = await connected(fake);
    fake.answer = () => new Response(FRAGMENT, { status: 200 });
    await vi.advanceTimersByTimeAsync(1000);
    const asked = fake.requests.filter(({ method }) => method === "PATCH");
    expect(asked.map(({ url }) => url)).toEqual(["http://council.test/meetings/m/whep/s1"]);
    expect(asked[0]?.body).toBe(fragmentOf(offerOf(1)));
    expect(fake.peer.remote?.sdp).toBe(renamed(ANSWER, FRAGMENT));
    fake.peer.bytes += 500;
    await vi.advanceTimersByTimeAsync(300);
    expect([said, fake.peers.length, fake.peer.closed]).toEqual([[], 1, false]);
  });

  it("is lost as soon as the server has no such session any more", async () => {
    const fake = new FakeWhep();
    const { said } = await connected(fake);
    fake.answer = () => new Response("{}", { status: 404 });
    await vi.advanceTimersByTimeAsync(1200);
    expect(said).toEqual(["lost"]);
    expect(fake.requests.map(({ method }) => method)).toEqual(["POST", "PATCH"]);
  });

  it("outlives an outage, and says meanwhile that nothing comes", async () => {
    const fake = new FakeWhep();
    const { said } = await connected(fake);
    fake.answer = () => Promise.reject(new TypeError("network"));
    await vi.advanceTimersByTimeAsync(5000);
    expect([said, fake.peer.closed]).toEqual([[true], false]);
    fake.peer.bytes += 500;
    await vi.advanceTimersByTimeAsync(600);
    expect(said).toEqual([true, false]);
  });
});

describe("the screen", () => {
  it("says that nothing comes while it plays, and that it goes on", () => {
    const screen = new Screen(document.createElement("video"), true);
    screen.phase.value = "playing";
    screen.wait(true);
    expect(screen.phase.value).toBe("buffering");
    screen.wait(false);
    expect(screen.phase.value).toBe("playing");
    for (const phase of ["paused", "reconnecting"] as const) {
      screen.phase.value = phase;
      screen.wait(true);
      screen.wait(false);
      expect(screen.phase.value).toBe(phase);
    }
  });
});
