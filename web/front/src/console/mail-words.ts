/** What was written to a resident, and whether it went. */

import { day, timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { MailView, SpeakerRow } from "../shared/wire";

function kindWord(kind: MailView["kind"]): string {
  switch (kind) {
    case "registered": return t("registration received");
    case "waiting_list": return t("waiting list");
    case "confirmed": return t("place confirmed");
    case "declined": return t("declined");
    case "moved_up": return t("moved up");
    case "withdrawn": return t("withdrawn");
    case "reminder": return t("reminder");
    case "link": return t("personal link");
  }
}

/** "place confirmed: sent on 24 November at 18:30". */
export function mailWords(mail: MailView): string {
  const what = kindWord(mail.kind);
  switch (mail.state) {
    case "sent": return t("{what}: sent on {day} at {time}", { what, day: day(mail.at_ms), time: timeOfDay(mail.at_ms) });
    case "waiting": return mail.sentence ? t("{what}: not sent yet. {why}", { what, why: mail.sentence }) : t("{what}: on its way", { what });
    case "given_up": return t("{what}: not sent. {why}", { what, why: mail.sentence });
  }
}

/** For the line under the name: only what needs somebody to do something. */
export function mailTrouble(row: SpeakerRow): string {
  const last = row.mails?.at(-1);
  if (!last || last.state === "sent" || (last.state === "waiting" && !last.sentence)) return "";
  return last.state === "given_up" ? t("e-mail not sent") : t("e-mail delayed");
}
