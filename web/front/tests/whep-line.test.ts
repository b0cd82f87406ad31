import { describe, expect, it } from "vitest";
import { WhepError, type WhepFault, type WhepSession, type WhepWishes } from "../src/webrtc/whep";
import { WhepLine } from "../src/webrtc/whep-line";

const TURN = [{ urls: "turn:turn.test", username: "u", credential: "c" }];

/** Sessions that end as the test says, and how each was to go. */
class Network {
  readonly tried: string[] = [];
  readonly sessions: FakeSession[] = [];
  /** Of the direct and of the relayed way; null works, undefined hangs. */
  direct: WhepFault | null | undefined = null;
  relayed: WhepFault | null | undefined = null;
  named = TURN;

  readonly line = new WhepLine((_, wishes) => {
    const session = new FakeSession(this, wishes);
    this.sessions.push(session);
    return session as unknown as WhepSession;
  });
}

class FakeSession {
  onLost = (): void => {};
  relays: RTCIceServer[] = [];
  stopped = false;
  private fail: (error: WhepError) => void = () => {};

  constructor(private readonly network: Network, private readonly wishes: WhepWishes) {}

  async start(): Promise<MediaStream> {
    const relayed = Boolean(this.wishes.relays?.length);
    this.network.tried.push(relayed ? "relayed" : "direct");
    const fault = relayed ? this.network.relayed : this.network.direct;
    if (fault !== "unreachable") this.relays = this.network.named;
    if (fault) throw new WhepError(fault, `${fault}.`);
    if (fault === undefined) return new Promise((_, reject) => (this.fail = reject));
    return {} as MediaStream;
  }

  stop(): void {
    this.stopped = true;
    this.fail(new WhepError("stopped", "stopped"));
  }
}

async function fault(opening: Promise<unknown>): Promise<WhepFault> {
  return opening.then(() => Promise.reject(new Error("It should have failed.")), (error: unknown) => (error as WhepError).fault);
}

describe("the line", () => {
  it("is direct where that works, whatever servers are named", async () => {
    const network = new Network();
    await network.line.open("/whep");
    expect([network.tried, network.line.relayed.value, network.line.busy]).toEqual([["direct"], false, true]);
  });

  it("goes by TURN when nothing direct gets through, and at once the next time", async () => {
    const network = new Network();
    network.direct = "no_path";
    await network.line.open("/whep");
    expect([network.tried, network.line.relayed.value]).toEqual([["direct", "relayed"], true]);
    await network.line.open("/whep");
    expect(network.tried).toEqual(["direct", "relayed", "relayed"]);
    expect(network.sessions.map((session) => session.stopped)).toEqual([false, true, false]);
  });

  it("is direct again on another network where TURN does not get through", async () => {
    const network = new Network();
    network.direct = "no_path";
    await network.line.open("/whep");
    network.direct = null;
    network.relayed = "no_path";
    await network.line.open("/whep");
    expect([network.tried.slice(2), network.line.relayed.value]).toEqual([["relayed", "direct"], false]);
  });

  it("fails when neither way gets through, and begins with the direct one the next time", async () => {
    const network = new Network();
    network.direct = network.relayed = "no_path";
    expect(await fault(network.line.open("/whep"))).toBe("no_path");
    expect([network.line.busy, network.line.relayed.value]).toEqual([false, false]);
    expect(await fault(network.line.open("/whep"))).toBe("no_path");
    expect(network.tried).toEqual(["direct", "relayed", "direct", "relayed"]);
  });

  it("fails at once without TURN servers, and when the server itself says no", async () => {
    const network = new Network();
    network.named = [];
    network.direct = "no_path";
    expect(await fault(network.line.open("/whep"))).toBe("no_path");
    network.named = TURN;
    network.direct = "refused";
    expect(await fault(network.line.open("/whep"))).toBe("refused");
    network.direct = "unreachable";
    expect(await fault(network.line.open("/whep"))).toBe("unreachable");
    expect(network.tried).toEqual(["direct", "direct", "direct"]);
  });

  it("tries nothing more once it is closed", async () => {
    const network = new Network();
    network.direct = undefined;
    const opening = fault(network.line.open("/whep"));
    network.line.close();
    expect(await opening).toBe("stopped");
    expect([network.tried, network.line.busy]).toEqual([["direct"], false]);
  });

  it("says when a session that worked was lost", async () => {
    const network = new Network();
    let lost = 0;
    network.line.onLost = () => (lost += 1);
    await network.line.open("/whep");
    network.sessions[0]?.onLost();
    expect(lost).toBe(1);
  });
});
