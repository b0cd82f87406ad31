import { describe, expect, it } from "vitest";
import { Backoff } from "../src/player/backoff";
import { valueText } from "../src/player/seek-bar";
import { chapterAt, parseTime, timeOfDate } from "../src/player/timeline";
import { Choice, pictures, whepUrl } from "../src/player/choice";
import { levelOf } from "../src/player/hls";
import { lower, type Chooser } from "../src/player/tuning";
import { liveLabel, sentence, type Doing } from "../src/player/words";

const chapters = [
  { item_id: 1, label: "1 Apologies", at: 0 },
  { item_id: 4, label: "4 Public participation", at: 700 },
];

describe("finding a moment", () => {
  const fragments = [
    { start: 100, duration: 2, programDateTime: 50_000 },
    { start: 102, duration: 2, programDateTime: 52_000 },
    // The studio was started again here: ten seconds are missing.
    { start: 104, duration: 2, programDateTime: 64_000 },
  ];

  it("maps the wall clock to the playlist, over a gap too", () => {
    expect(timeOfDate(fragments, 50_500)).toBeCloseTo(100.5);
    expect(timeOfDate(fragments, 64_250)).toBeCloseTo(104.25);
    expect(timeOfDate(fragments, 60_000)).toBe(104);
  });

  it("gives the nearest there is outside the window", () => {
    expect(timeOfDate(fragments, 1000)).toBe(100);
    expect(timeOfDate(fragments, 99_000)).toBe(106);
    expect(timeOfDate([], 1000)).toBeNull();
  });

  it("knows the chapter, and says it in words", () => {
    expect(chapterAt(chapters, 699)?.item_id).toBe(1);
    expect(chapterAt(chapters, 700)?.item_id).toBe(4);
    expect(valueText(723, chapters)).toBe("12 minutes 3 seconds, 4 Public participation");
  });

  it("reads both ways of writing a time", () => {
    expect(parseTime("90")).toBe(90);
    expect(parseTime("1h2m3s")).toBe(3723);
    expect(parseTime("2m")).toBe(120);
    expect(parseTime("soon")).toBeNull();
    expect(parseTime(null)).toBeNull();
  });
});

describe("what was chosen", () => {
  it("is asked for at the WHEP address, and what comes by itself is not", () => {
    expect(whepUrl("/meetings/m/whep", "", "auto")).toBe("/meetings/m/whep");
    expect(whepUrl("/meetings/m/whep", "", "720p")).toBe("/meetings/m/whep");
    expect(whepUrl("/meetings/m/whep", "cy", "auto")).toBe("/meetings/m/whep?audio=interpreted");
    expect(whepUrl("/meetings/m/whep", "", "360p")).toBe("/meetings/m/whep?rendition=360p");
    expect(whepUrl("/meetings/m/whep", "cy", "sound")).toBe("/meetings/m/whep?audio=interpreted&rendition=sound");
  });

  it("has a playlist: one with pictures, and one for each sound alone", () => {
    const choice = new Choice(true, { whep: "", hls: "/main.m3u8", audio: "/audio.m3u8", interpreted: "/interpreted.m3u8" });
    choice.picture.value = "360p";
    expect(choice.hlsUrl).toBe("/main.m3u8");
    choice.picture.value = "sound";
    expect(choice.hlsUrl).toBe("/audio.m3u8");
    choice.language.value = "cy";
    expect(choice.hlsUrl).toBe("/interpreted.m3u8");
  });

  it("is a level of the playlist, or left to hls.js", () => {
    const levels = [{ height: 360 }, { height: 720 }];
    expect([levelOf(levels, "auto"), levelOf(levels, "360p"), levelOf(levels, "720p")]).toEqual([-1, 0, 1]);
    expect([levelOf([{ height: 720 }], "360p"), levelOf([{ height: 720 }], "720p")]).toEqual([0, 0]);
    expect(levelOf([], "360p")).toBe(-1);
  });

  it("is offered where there is something to choose from", () => {
    expect(pictures(true)).toEqual(["auto", "720p", "360p", "sound"]);
    expect(pictures(false)).toEqual(["auto", "sound"]);
  });
});

describe("the player's words", () => {
  const doing: Doing = { live: true, phase: "playing", transport: "whep", picture: "auto", relayed: false, behind: 0.5, rewound: false, fallback: null, captions: false };

  it("say what it is doing", () => {
    expect(sentence(doing)).toBe("Live, under a second behind.");
    expect(sentence({ ...doing, transport: "hls", behind: 3.2 })).toBe("Live by HLS, 3 seconds behind.");
    expect(sentence({ ...doing, picture: "sound" })).toBe("Live, sound only, under a second behind.");
    expect(sentence({ ...doing, transport: "hls", picture: "sound", behind: 3.2 })).toBe("Live, sound only, 3 seconds behind.");
    expect(sentence({ ...doing, phase: "connecting" })).toBe("Connecting by WebRTC…");
    expect(sentence({ ...doing, phase: "connecting", relayed: true })).toBe("Trying another way, by the council’s relay…");
    expect(sentence({ ...doing, phase: "connecting", transport: "hls", relayed: true })).toBe("Connecting by HLS…");
    expect(sentence({ ...doing, transport: "hls", behind: 3.2, captions: true })).toBe("Live by HLS, 3 seconds behind. With captions, which WebRTC does not have.");
    expect(sentence({ ...doing, phase: "reconnecting" })).toBe("Reconnecting…");
    expect(sentence({ ...doing, transport: "hls", behind: 95, rewound: true })).toBe("Rewound: 1:35 behind live.");
    expect(sentence({ ...doing, transport: "hls", behind: 3, fallback: "WebRTC does not get through." })).toBe(
      "Live by HLS, 3 seconds behind. WebRTC does not get through.",
    );
  });

  it("put the distance on the LIVE button of who is not there", () => {
    expect(liveLabel(doing)).toBe("LIVE");
    expect(liveLabel({ phase: "playing", behind: 4, rewound: false })).toBe("LIVE");
    expect(liveLabel({ phase: "playing", behind: 65, rewound: true })).toBe("LIVE −1:05");
    expect(liveLabel({ phase: "paused", behind: 20, rewound: false })).toBe("LIVE −0:20");
  });
});

describe("waiting between tries", () => {
  it("doubles up to a bound, spreads, and starts over after success", () => {
    const backoff = new Backoff(500, 4000, () => 0.5);
    expect([1, 2, 3, 4, 5].map(() => backoff.next())).toEqual([500, 1000, 2000, 4000, 4000]);
    backoff.reset();
    expect(backoff.next()).toBe(500);
    expect(new Backoff(1000, 9000, () => 0).next()).toBe(750);
  });
});

describe("a line that became too narrow", () => {
  const player = (loadLevel: number, autoLevelEnabled = true) => {
    const done: string[] = [];
    const hls = {
      autoLevelEnabled, loadLevel, minAutoLevel: 0, levels: [{ bitrate: 800_000 }, { bitrate: 2_500_000 }],
      bandwidthEstimate: 90_000_000, stopLoad: () => done.push("stop"), startLoad: () => done.push("start"),
    };
    lower(hls as unknown as Chooser);
    return [hls.bandwidthEstimate, ...done];
  };

  it("gets the smallest picture at once", () => {
    expect(player(1)).toEqual([800_000, "stop", "start"]);
  });

  it("keeps the smallest, and what the viewer chose", () => {
    expect(player(0)).toEqual([90_000_000]);
    expect(player(1, false)).toEqual([90_000_000]);
  });
});
