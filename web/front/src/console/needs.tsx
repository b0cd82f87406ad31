/** What residents need of an officer now: a sentence for each, and the button that mends it. */

import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton, PressButton } from "./parts";

/** Those who wait longest first. */
export function whoNeedHelp(rows: readonly SpeakerRow[]): SpeakerRow[] {
  return rows.filter((row) => row.help_reason).sort((a, b) => (a.help_ms ?? 0) - (b.help_ms ?? 0));
}

export function needWords(row: SpeakerRow): string {
  const { name, phone } = row;
  const time = timeOfDay(row.help_ms ?? 0);
  if (row.help_reason === "connection") {
    return phone
      ? t("{name} cannot be connected by video link since {time}. Call {phone} and put them through.", { name, time, phone })
      : t("{name} cannot be connected by video link since {time}, and gave no telephone number. Write to them.", { name, time });
  }
  return phone
    ? t("{name} asks for help since {time}. Call {phone}.", { name, time, phone })
    : t("{name} asks for help since {time}, and gave no telephone number. Write to them.", { name, time });
}

export function Needs({ desk }: { desk: Desk }): JSX.Element {
  const rows = desk.staff.value.speakers;
  return (
    <>
      {whoNeedHelp(rows).map((row) => (
        <p key={`help ${row.id}`} class="mc-alarm">
          <span>{needWords(row)}</span>
          <span class="mc-alarm__do">
            {canJoinByPhone(row) && <CommandButton desk={desk} name="speaker.by_phone" payload={{ registration_id: row.id, on: true }}>{t("On the telephone")}</CommandButton>}
            <PressButton onClick={() => (desk.dialog.value = { name: "speaker", id: row.id })}>{t("Write")}</PressButton>
            <CommandButton desk={desk} name="speaker.helped" payload={{ registration_id: row.id }}>{t("Seen to")}</CommandButton>
          </span>
        </p>
      ))}
      {rows.filter((row) => row.unread).map((row) => (
        <p key={`chat ${row.id}`} class="mc-alarm mc-alarm--words">
          <span>{t("{name} writes: {text}", { name: row.name, text: lastWords(row) })}</span>
          <PressButton onClick={() => (desk.dialog.value = { name: "speaker", id: row.id })}>{t("Answer")}</PressButton>
        </p>
      ))}
    </>
  );
}

export function canJoinByPhone(row: SpeakerRow): boolean {
  return !row.by_phone && !row.written && ["confirmed", "no_show", "checked_in", "called", "on_air"].includes(row.state);
}

function lastWords(row: SpeakerRow): string {
  return row.chat?.filter((line) => !line.officer).at(-1)?.text ?? "";
}
