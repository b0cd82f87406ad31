/** Another order of those who are ready or expected than the rules say. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { SpeakerRow, SpeakerState } from "../shared/wire";
import type { Desk } from "./desk";
import { isInvited } from "./invited";
import { PressButton } from "./parts";
import { inOrder, type Business } from "./speakers";

/** Who is called or on air has begun, and stays first. */
export const MOVABLE: readonly SpeakerState[] = ["checked_in", "confirmed"];

/** The whole list with one of them a place further up, as it is to be; null where nobody of the same state is above. */
export function movedUp(rows: readonly SpeakerRow[], business: Business, id: number): number[] | null {
  const list = inOrder(rows.filter((row) => !isInvited(row) && MOVABLE.includes(row.state)), business);
  const at = list.findIndex((row) => row.id === id);
  const above = list[at - 1];
  if (!above || above.state !== list[at]?.state) return null;
  const ids = list.map((row) => row.id);
  ids.splice(at - 1, 2, id, above.id);
  return ids;
}

export function Move({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element | null {
  const order = movedUp(desk.staff.value.speakers, desk.meeting.value, row.id);
  if (!order) return null;
  return (
    <PressButton title={t("Move {name} up", { name: row.name })} disabled={desk.isFlying("speaker.reorder")} onClick={() => void desk.run("speaker.reorder", { registration_ids: order }, "speaker.reorder")}>
      <span aria-hidden="true">↑</span><span class="govuk-visually-hidden">{t("Move {name} up", { name: row.name })}</span>
    </PressButton>
  );
}
