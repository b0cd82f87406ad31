/** What a resident was asked by the committee's rules, in words for the officer. */

import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";

export function sideWord(side: SpeakerRow["side"]): string {
  switch (side) {
    case "for": return t("for");
    case "against": return t("against");
    case "neutral": return t("neither for nor against");
    case "applicant": return t("applicant");
    case "parish": return t("parish");
    case "ward_member": return t("ward member");
    case "mp": return t("MP");
    default: return "";
  }
}

export function modeWord(row: SpeakerRow): string {
  switch (row.mode) {
    case "in_person": return t("in the room");
    case "remote": return t("by video link");
    case "phone": return t("by telephone");
    case "access_point": return t("from {place}", { place: row.access_point || t("a place of the council") });
    default: return "";
  }
}

/** Only what narrows the usual: seen and heard needs no word. */
export function consentWord(row: SpeakerRow): string {
  if (row.kind === "statement") return t("written statement");
  switch (row.consent) {
    case "sound_only": return t("sound only");
    case "read_out": return t("to be read out");
    default: return "";
  }
}

export function capacityWord(capacity: SpeakerRow["capacity"]): string {
  switch (capacity) {
    case "presenter": return t("presenter");
    case "audience": return t("raised a hand");
    default: return "";
  }
}

export function kindWord(kind: SpeakerRow["kind"]): string {
  switch (kind) {
    case "question": return t("question");
    case "video": return t("video");
    default: return "";
  }
}

/** For the line under the name. */
export function brief(row: SpeakerRow): string[] {
  return [capacityWord(row.capacity), kindWord(row.kind), sideWord(row.side), consentWord(row), row.mode === "remote" ? "" : modeWord(row), row.access_needs ? t("access needs") : "", row.late ? t("came late: the chair decides") : ""].filter(Boolean);
}

/** For the dialog. */
export function answers(row: SpeakerRow): [string, string][] {
  return [
    [t("Side"), sideWord(row.side)],
    [t("Takes part"), [kindWord(row.kind), modeWord(row)].filter(Boolean).join(", ")],
    [t("May be broadcast"), row.consent === "picture_and_sound" ? t("picture and sound") : consentWord(row)],
    [t("Speaks for"), row.spokesperson_for ?? ""],
    [t("Needs"), row.access_needs ?? ""],
    [t("In writing"), row.text ?? ""],
    [t("E-mail may be passed on"), row.may_share ? t("yes, to the same side") : ""],
  ];
}
