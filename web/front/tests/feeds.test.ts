import { describe, expect, it } from "vitest";
import { hlsWords, keyWords, kindWords, lineWords } from "../src/console/feed-words";
import type { FeedStatus } from "../src/shared/wire";
import { engine } from "./canned";

const feed: FeedStatus = {
  source: "chamber", kind: "whip", label: "Chamber", state: "live", sentence: "", width: 1280, height: 720, frames_per_second: 24.9, sound: true, level_dbfs: -20,
};

describe("a feed's line", () => {
  it("is said in bits a second, and what is lost where that is known", () => {
    expect(lineWords({ ...feed, kilobits_per_second: 480, lost_percent: null })).toBe("480 kbit/s");
    expect(lineWords({ ...feed, kilobits_per_second: 1849, lost_percent: 2.5 })).toBe("1.8 Mbit/s · 2.5 % lost");
    expect(lineWords({ ...feed, kilobits_per_second: 0, lost_percent: null })).toBe("");
    expect(lineWords(feed), "a studio that says nothing of it").toBe("");
  });

  it("stands behind the picture's size, or alone", () => {
    expect(kindWords({ ...feed, kilobits_per_second: 1000, lost_percent: 0 })).toBe("WHIP · 1280×720 · 25 fps · 1.0 Mbit/s · 0 % lost");
    expect(kindWords({ ...feed, width: 0, kilobits_per_second: 64 })).toBe("WHIP · 64 kbit/s");
  });
});

describe("how old things are", () => {
  it("is said of the last key picture of who is there", () => {
    expect(keyWords({ ...feed, key_picture_seconds: 2 })).toBe("key picture 2 s ago");
    expect(keyWords({ ...feed, key_picture_seconds: 0 })).toBe("key picture 0 s ago");
    expect(keyWords({ ...feed, key_picture_seconds: null })).toBe("");
    expect(keyWords({ ...feed, state: "gone", key_picture_seconds: 40 })).toBe("");
    expect(kindWords({ ...feed, width: 0, kilobits_per_second: 64, key_picture_seconds: 2 })).toBe("WHIP · 64 kbit/s · key picture 2 s ago");
  });

  it("is said of viewing by HLS, once there is something", () => {
    const packager = { segments: 3, last_seconds: 6 };
    expect(hlsWords(null)).toBe("");
    expect(hlsWords({ ...engine("open"), packager: null })).toBe("");
    expect(hlsWords({ ...engine("open"), packager: { ...packager, age_seconds: null } })).toBe("");
    expect(hlsWords({ ...engine("open"), packager: { ...packager, age_seconds: 0.6 } })).toBe("Viewing by HLS: the newest piece is 1 second old.");
    expect(hlsWords({ ...engine("open"), packager: { ...packager, age_seconds: 6.2 } })).toBe("Viewing by HLS: the newest piece is 6 seconds old.");
  });
});
