/** What is said of a question: to the program, and in words. */

import { t } from "../shared/i18n";
import type { RejectReason } from "../shared/wire";

/** What a command about a question says of it: also which version of it was on the screen. */
export function about(question: { id: number; version?: number }): { question_id: number; seen?: number } {
  return { question_id: question.id, ...(question.version === undefined ? {} : { seen: question.version }) };
}

export function reasonWord(reason: RejectReason): string {
  switch (reason) {
    case "off_topic": return t("Not about this meeting");
    case "personal": return t("Names or describes a private person");
    case "abusive": return t("Abusive");
    case "answered": return t("Already answered");
    case "no_question": return t("Not a question");
    case "other": return t("Another reason");
  }
}
