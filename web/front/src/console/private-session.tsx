/** In private session only: let somebody in, or send them out. Nobody is in unless an officer says so. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton } from "./parts";

export function PrivateSession({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element | null {
  if (desk.meeting.value.state !== "private" || row.by_phone) return null;
  const studio = desk.engine.value?.studio;
  const inside = (studio?.admitted ?? []).map(Number);
  const isIn = inside.includes(row.id);
  const payload = { registration_ids: isIn ? inside.filter((id) => id !== row.id) : [...inside, row.id] };
  return (
    <>
      <CommandButton desk={desk} name="private.admit" payload={payload} tone={isIn ? "danger" : "primary"}>
        {isIn ? t("Send out of private session") : t("Admit to private session")}
      </CommandButton>
      {isIn && studio?.without_private_picture?.includes(String(row.id)) && <span class="mc-row__link">{t("hears it, without a picture")}</span>}
    </>
  );
}
