import { signal } from "@preact/signals";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PlayerController } from "../src/player/controller";
import { WhepError, type WhepFault } from "../src/webrtc/whep";

// All files share their modules: another one may have read the real transports already.
vi.hoisted(() => vi.resetModules());

/** What the transports do next, and what was asked of them. */
const outside = vi.hoisted(() => ({
  faults: [] as (string | null)[],
  started: [] as string[],
  lines: [] as { onLost: () => void }[],
  playbacks: [] as { onLost: () => void; options: { captions: boolean } }[],
  /** What was changed without a new connection. */
  shown: [] as string[],
}));

vi.mock("../src/webrtc/whep-line", () => ({
  WhepLine: class {
    onLost = (): void => {};
    readonly relayed = signal(false);
    busy = false;
    constructor() {
      outside.lines.push(this);
    }
    async open(url: string): Promise<MediaStream> {
      this.busy = true;
      outside.started.push(url.slice(1));
      const fault = outside.faults.shift();
      if (!fault) return new MediaStream();
      this.busy = false;
      throw new WhepError(fault as WhepFault, `${fault}.`);
    }
    close(): void {
      this.busy = false;
    }
  },
}));

vi.mock("../src/player/hls", () => ({
  HlsPlayback: class {
    onLost = (): void => {};
    playingDate = 50_000;
    windowStart = null;
    atEdge = true;
    constructor(_: unknown, readonly url: string, readonly options: { at: number | null; picture: string; captions: boolean }) {
      outside.playbacks.push(this);
    }
    async start(): Promise<void> {
      outside.started.push(this.url === "/main.m3u8" ? `hls ${this.options.at}` : `${this.url.slice(1)} ${this.options.at}`);
    }
    show(picture: string): boolean {
      if (picture === "sound" || this.options.picture === "sound") return false;
      outside.shown.push(picture);
      return true;
    }
    caption(on: boolean): void {
      outside.shown.push(on ? "captions" : "no captions");
    }
    seekToDate(): boolean {
      return false;
    }
    seekToLive(): void {}
    destroy(): void {}
  },
}));

class Video extends EventTarget {
  srcObject: unknown = null;
  playbackRate = 1;
  volume = 1;
  muted = false;
  paused = true;
  removeAttribute(): void {}
  pause(): void {}
  async play(): Promise<void> {
    this.dispatchEvent(new Event("playing"));
  }
}

function player(captions: string | null = "en"): PlayerController {
  return new PlayerController(new Video() as unknown as HTMLVideoElement, {
    live: true,
    urls: { whep: "/whep", hls: "/main.m3u8", audio: "/audio.m3u8", interpreted: "/interpreted.m3u8" },
    small: true,
    captions,
    languages: [],
    now: () => 100_000,
    epoch: () => 10_000,
    since: () => 40_000,
    startAt: null,
    duration: null,
  });
}

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("MediaStream", class {});
  for (const list of Object.values(outside)) list.length = 0;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("captions", () => {
  it("come by HLS: whoever plays by WebRTC changes over, and stays there", async () => {
    const one = player();
    one.play();
    await settled();
    one.caption(true);
    await settled();
    expect(outside.started).toEqual(["whep", "hls null"]);
    expect([one.transport.value, one.way.value, one.captions.value]).toEqual(["hls", "hls", true]);
    one.caption(false);
    one.goLive();
    await settled();
    expect([outside.started.length, one.transport.value, outside.shown.at(-1)]).toEqual([2, "hls", "no captions"]);
  });

  it("are changed in place where HLS plays already, and kept by what comes after a loss", async () => {
    outside.faults.push("no_path");
    const one = player();
    one.play();
    await settled();
    one.caption(true);
    expect([outside.shown, outside.started.length]).toEqual([["captions"], 2]);
    outside.playbacks[0]?.onLost();
    await vi.advanceTimersByTimeAsync(2000);
    expect(outside.playbacks.at(-1)?.options.captions).toBe(true);
  });

  it("are off again for whoever goes back to WebRTC", async () => {
    const one = player();
    one.caption(true);
    expect([one.transport.value, outside.started]).toEqual(["hls", []]);
    one.choose("whep");
    expect(one.captions.value).toBe(false);
    one.play();
    await settled();
    expect(outside.started).toEqual(["whep"]);
  });

  it("are not offered by a meeting that has none, nor with sound alone", () => {
    const none = player(null);
    none.caption(true);
    expect([none.offersCaptions, none.captions.value, none.way.value]).toEqual([false, false, "whep"]);
    const one = player();
    one.show("sound");
    expect(one.offersCaptions).toBe(false);
  });
});

describe("the live player", () => {
  it("goes to HLS by itself, and says why, when WebRTC does not get through", async () => {
    outside.faults.push("no_path");
    const one = player();
    one.play();
    await settled();
    expect(outside.started).toEqual(["whep", "hls null"]);
    expect([one.transport.value, one.phase.value, one.fallback.value]).toEqual(["hls", "playing", "no_path."]);
  });

  it("waits for a server that is being started again, and comes back by WebRTC", async () => {
    const one = player();
    one.play();
    await settled();
    outside.faults.push("refused", "unreachable");
    outside.lines[0]?.onLost();
    expect(one.phase.value).toBe("reconnecting");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(outside.started).toEqual(["whep", "whep", "whep", "whep"]);
    expect([one.transport.value, one.phase.value]).toEqual(["whep", "playing"]);
  });

  it("does not wait for a network that lets no WebRTC through", async () => {
    const one = player();
    one.play();
    await settled();
    outside.faults.push("no_path");
    outside.lines[0]?.onLost();
    await vi.advanceTimersByTimeAsync(2000);
    expect(outside.started).toEqual(["whep", "whep", "hls null"]);
    expect(one.phase.value).toBe("playing");
  });

  it("does not wait when the network is there again", async () => {
    const one = player();
    one.play();
    await settled();
    outside.faults.push(...Array<string>(2).fill("unreachable"));
    outside.lines[0]?.onLost();
    await vi.advanceTimersByTimeAsync(3000);
    const before = outside.started.length;
    dispatchEvent(new Event("online"));
    await settled();
    expect(outside.started.length - before).toBeLessThanOrEqual(1);
    expect(one.phase.value).toBe("playing");
  });

  it("goes on where a viewer was who had gone back, and to now on one press", async () => {
    const one = player();
    one.play();
    await vi.advanceTimersByTimeAsync(300);
    one.seek(35);
    await settled();
    expect(outside.started.at(-1)).toBe("hls 45000");
    outside.playbacks[0]?.onLost();
    await vi.advanceTimersByTimeAsync(2000);
    expect(outside.started.at(-1), "where it was").toBe("hls 50000");
    one.goLive();
    await settled();
    expect(outside.started.at(-1)).toBe("whep");
    expect(one.rewound.value).toBe(false);
  });

  it("offers what there was since the meeting went live", async () => {
    const one = player();
    await vi.advanceTimersByTimeAsync(300);
    expect(one.range.value).toEqual({ start: 30, end: 90 });
  });
});

describe("the choice of a picture", () => {
  it("is a new session by WebRTC, and a level by HLS; the way stays what it was", async () => {
    const one = player();
    one.play();
    await settled();
    one.show("360p");
    await settled();
    expect(outside.started).toEqual(["whep", "whep?rendition=360p"]);
    one.choose("hls");
    await settled();
    one.show("auto");
    await settled();
    expect([outside.started.at(-1), outside.shown]).toEqual(["hls null", ["auto"]]);
    expect([one.way.value, one.transport.value, one.picture.value]).toEqual(["hls", "hls", "auto"]);
  });

  it("is sound alone by either way, from the same moment on", async () => {
    const one = player();
    one.play();
    await vi.advanceTimersByTimeAsync(300);
    one.show("sound");
    await settled();
    expect([outside.started.at(-1), one.transport.value]).toEqual(["whep?rendition=sound", "whep"]);
    one.seek(35);
    await settled();
    expect(outside.started.at(-1)).toBe("audio.m3u8 45000");
    one.show("360p");
    await settled();
    expect([outside.started.at(-1), outside.shown], "another playlist").toEqual(["hls 50000", []]);
  });

  it("holds for what begins later: before play, and when play goes on", async () => {
    const one = player();
    one.show("360p");
    expect(outside.started).toEqual([]);
    one.play();
    await settled();
    expect(outside.started).toEqual(["whep?rendition=360p"]);
    one.pause();
    one.show("sound");
    await settled();
    expect([outside.started.length, one.phase.value], "still paused").toEqual([1, "paused"]);
    one.play();
    await settled();
    expect(outside.started.at(-1)).toMatch("audio.m3u8 ");
  });

  it("is kept when the connection is lost and when it falls back", async () => {
    const one = player();
    one.show("360p");
    one.play();
    await settled();
    outside.faults.push("no_path");
    outside.lines[0]?.onLost();
    await vi.advanceTimersByTimeAsync(2000);
    expect(outside.started).toEqual(["whep?rendition=360p", "whep?rendition=360p", "hls null"]);
    expect((outside.playbacks[0] as unknown as { options: { picture: string } }).options.picture).toBe("360p");
    expect([one.way.value, one.picture.value]).toEqual(["whep", "360p"]);
  });
});
