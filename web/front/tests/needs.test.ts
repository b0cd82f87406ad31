import { describe, expect, it } from "vitest";
import { mailTrouble, mailWords } from "../src/console/mail-words";
import { canJoinByPhone, needWords, whoNeedHelp } from "../src/console/needs";
import { deviceWords } from "../src/console/speaker-words";
import type { SpeakerRow } from "../src/shared/wire";
import { resultWords } from "../src/speaker/check";

const row: SpeakerRow = {
  id: 1, name: "Sam Lee", state: "checked_in", item_id: null, summary: "", email: "sam@example.org", phone: "01904 551 550", place: 1,
  seconds: 180, timer: null, device_check: {},
};
const AT = Date.UTC(2026, 10, 24, 18, 2);

describe("who needs an officer", () => {
  it("is told in a sentence with the number to call, those who wait longest first", () => {
    const rows: SpeakerRow[] = [
      { ...row, id: 1, help_reason: "help", help_ms: AT + 60_000 },
      { ...row, id: 2, name: "Tom Ash", help_reason: "connection", help_ms: AT },
      { ...row, id: 3 },
    ];
    expect(whoNeedHelp(rows).map((one) => one.id)).toEqual([2, 1]);
    expect(needWords(rows[0] as SpeakerRow)).toBe("Sam Lee asks for help since 18:03. Call 01904 551 550.");
    expect(needWords(rows[1] as SpeakerRow)).toBe("Tom Ash cannot be connected by video link since 18:02. Call 01904 551 550 and put them through.");
    expect(needWords({ ...row, phone: "", help_reason: "help", help_ms: AT })).toContain("gave no telephone number");
  });

  it("can join by telephone from wherever they wait, and only then", () => {
    expect(canJoinByPhone(row)).toBe(true);
    expect(canJoinByPhone({ ...row, by_phone: true })).toBe(false);
    expect(canJoinByPhone({ ...row, written: true })).toBe(false);
    for (const state of ["submitted", "waiting_list", "done", "declined"] as const) expect(canJoinByPhone({ ...row, state })).toBe(false);
  });
});

describe("e-mails in words", () => {
  const mail = { kind: "confirmed", sentence: "", at_ms: AT } as const;

  it("say when, and why not", () => {
    expect(mailWords({ ...mail, state: "sent" })).toBe("place confirmed: sent on Tuesday 24 November 2026 at 18:02");
    expect(mailWords({ ...mail, state: "waiting" })).toBe("place confirmed: on its way");
    expect(mailWords({ ...mail, state: "given_up", sentence: "No such user." })).toBe("place confirmed: not sent. No such user.");
  });

  it("stand on the row only when somebody has to do something", () => {
    expect(mailTrouble({ ...row, mails: [{ ...mail, state: "sent" }] })).toBe("");
    expect(mailTrouble({ ...row, mails: [{ ...mail, state: "waiting" }] })).toBe("");
    expect(mailTrouble({ ...row, mails: [{ ...mail, state: "waiting", sentence: "451" }] })).toBe("e-mail delayed");
    expect(mailTrouble({ ...row, mails: [{ ...mail, state: "given_up" }] })).toBe("e-mail not sent");
  });
});

describe("the test of a device", () => {
  it("says to staff what was found and when", () => {
    const tested = { ...row, device_check: { camera: "ok", microphone: "heard", network: "relay" }, device_checked_ms: AT };
    expect(deviceWords(row)).toBe("");
    expect(deviceWords(tested)).toBe("device tested on Tue 24 Nov at 18:02");
    expect(deviceWords({ ...tested, device_check: { microphone: "quiet" } })).toBe("microphone not heard on Tue 24 Nov at 18:02");
    expect(deviceWords({ ...tested, device_check: { microphone: "heard", camera: "none", network: "blocked" } })).toContain("their network blocks the relay");
  });

  it("says to the resident what to do", () => {
    expect(resultWords({ camera: "ok", microphone: "heard" }, "today")).toBe("The council has your result of today. Camera and microphone work.");
    expect(resultWords({ microphone: "quiet" }, "today")).toContain("was not heard");
    expect(resultWords({ microphone: "heard", network: "blocked" }, "today")).toContain("use another one on the day");
  });
});
