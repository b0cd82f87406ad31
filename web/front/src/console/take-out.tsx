/** Taking a resident out of the meeting, from wherever they are, with a reason that they read. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { SpeakerRow, SpeakerState } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton } from "./parts";

/** Before they are expected, they are declined. */
const IN: readonly SpeakerState[] = ["confirmed", "checked_in", "called", "on_air", "no_show"];

export function TakeOut({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element | null {
  const reason = useSignal("");
  if ((row.part ?? "speaker") !== "speaker" || !IN.includes(row.state)) return null;
  const payload = { registration_id: row.id, seen: row.state, reason: reason.value.trim() };
  return (
    <details>
      <summary>{t("Take out of the meeting…")}</summary>
      <label class="mc-field">
        <span>{t("Why, as {name} will read it", { name: row.name })}</span>
        <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <div class="mc-stack">
        <CommandButton desk={desk} name="speaker.remove" payload={payload} tone="danger" missing={!payload.reason && t("Write the reason first.")} onDone={() => desk.close()}>{t("Take out now: the link stops working")}</CommandButton>
      </div>
    </details>
  );
}
