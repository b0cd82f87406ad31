/** Another order of those who are ready or expected than the rules say. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";
import { PressButton } from "./parts";
import { movedUp } from "./queue";

export function Move({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element | null {
  const order = movedUp(desk.staff.value.speakers, desk.meeting.value, row.id);
  if (!order) return null;
  return (
    <PressButton title={t("Move {name} up", { name: row.name })} disabled={desk.isFlying("speaker.reorder")} onClick={() => void desk.run("speaker.reorder", { registration_ids: order }, "speaker.reorder")}>
      <span aria-hidden="true">↑</span><span class="govuk-visually-hidden">{t("Move {name} up", { name: row.name })}</span>
    </PressButton>
  );
}
