import { describe, expect, it } from "vitest";
import { delayWords, heldNow, heldWords, privateWords } from "../src/console/delay";
import { feedOf, standing } from "../src/console/invited";
import { isInvited, nextStep } from "../src/console/queue";
import { whoSpeaks } from "../src/public/speaker-line";
import type { FeedStatus, Part, SpeakerRow, SpeakerState } from "../src/shared/wire";
import { needsOf } from "../src/speaker/parts";
import { engine, meeting } from "./canned";

const row = (id: number, part: Part, state: SpeakerState): SpeakerRow => ({
  id, name: `R${id}`, part, state, item_id: null, summary: "", email: "", phone: "", place: id, seconds: 180, timer: null, device_check: {},
});
const feed = (source: string, kind: FeedStatus["kind"]): FeedStatus => ({
  source, kind, label: "", state: "live", sentence: `${kind} arrives.`, width: 0, height: 0, frames_per_second: 0, sound: true, level_dbfs: -20,
});

describe("who was invited", () => {
  const studio = engine("open");
  if (studio.studio) studio.studio.feeds = [feed("sign", "whip"), feed("7", "interpreter"), feed("presentation", "presenter")];

  it("is found in the studio by their part, and not mistaken for an encoder", () => {
    expect(feedOf(row(7, "interpreter", "on_air"), studio)?.source).toBe("7");
    expect(feedOf(row(8, "interpreter", "on_air"), studio)).toBeUndefined();
    expect(feedOf(row(9, "presenter", "on_air"), studio)?.source).toBe("presentation");
    expect(feedOf(row(9, "signer", "on_air"), studio)).toBeUndefined();
  });

  it("stands where the console says", () => {
    expect(standing(row(1, "signer", "confirmed"), undefined)).toContain("not come yet");
    expect(standing(row(1, "signer", "on_air"), undefined)).toContain("not connected");
    expect(standing(row(1, "signer", "on_air"), feed("sign", "signer"))).toBe("signer arrives.");
    expect([row(1, "signer", "on_air"), row(1, "speaker", "on_air")].map(isInvited)).toEqual([true, false]);
  });

  it("is asked for what the part needs, and nothing else", () => {
    expect((["speaker", "interpreter", "signer", "presenter"] as const).map((part) => needsOf(part))).toEqual(["both", "sound", "picture", "screen"]);
    expect(needsOf("speaker", "sound_only")).toBe("sound");
    expect(needsOf("speaker", "picture_and_sound")).toBe("both");
  });

  it("does not come between the key S and the speakers", () => {
    const rows = [row(1, "signer", "on_air"), row(2, "speaker", "checked_in")].filter((one) => !isInvited(one));
    expect(nextStep(rows, { now_item_id: null, agenda: [] })).toMatchObject({ command: "speaker.call", row: { id: 2 } });
  });
});

describe("the delay", () => {
  const late = (gate: Parameters<typeof engine>[0], seconds: number): ReturnType<typeof engine> => {
    const told = engine(gate);
    if (told.studio) told.studio.gate.delay_seconds = seconds;
    return told;
  };

  it("is said in a sentence, and so is what a cut does with it", () => {
    expect(delayWords(10)).toBe("The public see this 10 seconds later.");
    expect(delayWords(1)).toBe("The public see this 1 second later.");
    expect(delayWords(0)).toContain("without a delay");
    expect(heldWords(10, true)).toContain("drops");
    expect(heldWords(10, false)).toContain("first");
  });

  it("holds nothing while the gate is closed", () => {
    expect(heldNow(late("open", 10))).toBe(10);
    expect(heldNow(late("private", 10))).toBe(0);
    expect(heldNow(null)).toBe(0);
  });
});

describe("a private session", () => {
  it("is recorded or not, said before it begins and while it goes on", () => {
    const told = engine("open");
    expect(privateWords(told)).toBe("A private session is not recorded.");
    if (told.studio) told.studio.seals_private = true;
    expect(privateWords(told)).toContain("sealed");
    if (told.studio) told.studio.private_recording = "It is being recorded.";
    expect(privateWords(told)).toBe("It is being recorded.");
    expect(privateWords(null)).toBe("");
  });
});

describe("the names on the public page", () => {
  it("are the chamber's and those of all who speak", () => {
    const one = (name: string) => ({ name, item_id: null, timer: null });
    expect(whoSpeaks({ ...meeting, chamber: "Cllr Jane Doe, Chair", on_air: [one("Sam"), one("Ann")] })).toEqual(["Cllr Jane Doe, Chair", "Sam", "Ann"]);
    expect(whoSpeaks(meeting)).toEqual([]);
  });
});
