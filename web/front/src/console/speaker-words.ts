/** What is said of somebody who takes part, in words for the officer. */

import { shortDay, timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { Part, SpeakerRow, SpeakerState } from "../shared/wire";

export function stateWord(state: SpeakerState): string {
  switch (state) {
    case "submitted": return t("Registered");
    case "confirmed": return t("Expected");
    case "waiting_list": return t("Waiting list");
    case "declined": return t("Declined");
    case "checked_in": return t("Ready");
    case "called": return t("Called");
    case "on_air": return t("On air");
    case "done": return t("Done");
    case "no_show": return t("Absent");
    case "withdrawn": return t("Withdrawn");
    case "revoked": return t("Taken back");
    case "removed": return t("Taken out");
  }
}

export function partWord(part: Part): string {
  switch (part) {
    case "interpreter": return t("interpreter");
    case "signer": return t("sign language");
    case "presenter": return t("presenter, shares a screen");
    case "speaker": return t("speaker");
  }
}

/** What the last test of their device found, and when that was. */
export function deviceWords(row: SpeakerRow): string {
  const check = row.device_check;
  if (!Object.keys(check).length) return "";
  const at = row.device_checked_ms;
  const what = check["microphone"] === "quiet" ? t("microphone not heard") : check["camera"] === "ok" ? t("device tested") : t("microphone tested, no camera");
  const words = at ? t("{what} on {day} at {time}", { what, day: shortDay(at), time: timeOfDay(at) }) : what;
  return check["network"] === "blocked" ? t("{words}; their network blocks the relay", { words }) : words;
}

export function lostWords(until: number): string {
  return t("connection lost; place kept until {time}", { time: timeOfDay(until, true) });
}
