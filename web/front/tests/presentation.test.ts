import { describe, expect, it, vi } from "vitest";
import { upload } from "../src/console/presentation";
import { ScreenShare, type Browser } from "../src/console/screen";
import type { StudioStatus } from "../src/shared/wire";

const file = (size = 10): File => new File([new Uint8Array(size)], "Plans.pdf", { type: "application/pdf" });
const answering = (status: number, body: object | string, headers: Record<string, string> = {}): typeof fetch =>
  vi.fn(() => Promise.resolve(new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers })));

describe("uploading a PDF", () => {
  it("sends it as the field of a form", async () => {
    const by = answering(200, { ok: true });
    expect(await upload("/there", file(), by)).toBeNull();
    const [address, request] = vi.mocked(by).mock.calls[0] ?? [];
    expect(address).toBe("/there");
    expect((request?.body as FormData).get("document")).toBeInstanceOf(File);
  });

  it("tells in a sentence what was wrong with it", async () => {
    const by = answering(422, { detail: "The PDF is protected by a password." });
    expect(await upload("/there", file(), by)).toBe("The PDF is protected by a password.");
  });

  it("does not send what is too large", async () => {
    const by = answering(200, {});
    expect(await upload("/there", { size: 51 * 1024 * 1024 } as File, by)).toContain("50 MB");
    expect(by).not.toHaveBeenCalled();
  });
});

function lent(fetched: typeof fetch, capture?: Browser["capture"]): { browser: Browser; track: EventTarget; becomes: (state: string) => void; closed: () => boolean } {
  const track = Object.assign(new EventTarget(), { kind: "video", contentHint: "", stop: vi.fn() });
  let closed = false;
  const connection = Object.assign(new EventTarget(), {
    iceGatheringState: "complete", connectionState: "new", localDescription: { sdp: "v=0 offer" },
    addTransceiver: vi.fn(), createOffer: () => Promise.resolve({}), setLocalDescription: () => Promise.resolve(),
    setRemoteDescription: () => Promise.resolve(), close: () => (closed = true),
  });
  const stream = { getTracks: () => [track], getVideoTracks: () => [track] } as unknown as MediaStream;
  const browser: Browser = {
    capture: capture ?? (() => Promise.resolve(stream)), connect: () => connection as unknown as RTCPeerConnection, fetch: fetched,
  };
  const becomes = (state: string): void => {
    connection.connectionState = state;
    connection.dispatchEvent(new Event("connectionstatechange"));
  };
  return { browser, track, becomes, closed: () => closed };
}

describe("sharing the screen", () => {
  it("offers it, and ends the session when the browser's own button stops it", async () => {
    const fetched = answering(201, "v=0 answer", { Location: "/share/s1" });
    const { browser, track, closed } = lent(fetched);
    const screen = new ScreenShare("/share", browser);
    expect(await screen.start()).toBeNull();
    expect(screen.sharing.value).toBe("yes");
    track.dispatchEvent(new Event("ended"));
    expect(screen.sharing.value).toBe("no");
    expect(closed()).toBe(true);
    expect(vi.mocked(fetched).mock.calls.map(([where, what]) => [where, what?.method])).toEqual([["/share", "POST"], ["/share/s1", "DELETE"]]);
  });

  it("says why the server did not take it", async () => {
    const { browser, closed } = lent(answering(409, { detail: "The room is not open." }));
    const screen = new ScreenShare("/share", browser);
    expect(await screen.start()).toBe("The room is not open.");
    expect([screen.sharing.value, closed()]).toEqual(["no", true]);
  });

  it("says nothing when the officer chose no screen after all", async () => {
    const { browser } = lent(answering(201, ""), () => Promise.reject(new DOMException("no", "NotAllowedError")));
    const screen = new ScreenShare("/share", browser);
    expect(await screen.start()).toBeNull();
    expect(screen.sharing.value).toBe("no");
  });

  it("tells the officer when the meeting takes it no more, and not when it comes back by itself", async () => {
    vi.useFakeTimers();
    const { browser, becomes, closed } = lent(answering(201, "v=0 answer", { Location: "/share/s1" }));
    const screen = new ScreenShare("/share", browser);
    const told: string[] = [];
    screen.onLost = (words) => told.push(words);
    await screen.start();
    becomes("disconnected");
    becomes("connected");
    await vi.advanceTimersByTimeAsync(5000);
    expect([told, screen.sharing.value]).toEqual([[], "yes"]);
    becomes("disconnected");
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("not shared any more");
    expect([screen.sharing.value, closed()]).toEqual(["no", true]);
    vi.useRealTimers();
  });

  const studio = (session: number, changes: number): StudioStatus => ({ session, gate: { changes } }) as StudioStatus;

  it("sends the same screen to the next studio when one has died", async () => {
    const fetched = answering(201, "v=0 answer", { Location: "/share/s1" });
    const { browser } = lent(fetched);
    const capture = vi.spyOn(browser, "capture");
    const screen = new ScreenShare("/share", browser);
    await screen.follow(studio(1, 4));
    await screen.start();
    await screen.follow(studio(1, 4));
    expect(fetched).toHaveBeenCalledTimes(1);
    await screen.follow(null);
    await screen.follow(studio(2, 4));
    expect(vi.mocked(fetched).mock.calls.map(([where, what]) => [where, what?.method])).toEqual([["/share", "POST"], ["/share", "POST"]]);
    expect([capture.mock.calls.length, screen.sharing.value]).toEqual([1, "yes"]);
  });

  it("does not when the gate has moved meanwhile, nor when nothing is shared", async () => {
    const fetched = answering(201, "v=0 answer", { Location: "/share/s1" });
    const screen = new ScreenShare("/share", lent(fetched).browser);
    await screen.follow(studio(1, 4));
    await screen.follow(studio(2, 4));
    expect(fetched).not.toHaveBeenCalled();
    await screen.start();
    await screen.follow(studio(3, 5));
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it("says so when the next studio does not take it", async () => {
    const answers = [new Response("v=0 answer", { status: 201 }), new Response(JSON.stringify({ detail: "No room." }), { status: 409 })];
    const screen = new ScreenShare("/share", lent(() => Promise.resolve(answers.shift() ?? Response.error())).browser);
    const told: string[] = [];
    screen.onLost = (words) => told.push(words);
    await screen.follow(studio(1, 4));
    await screen.start();
    await screen.follow(studio(2, 4));
    expect([told, screen.sharing.value]).toEqual([["No room."], "no"]);
  });
});
