/** What a resident is called in public: in the picture, on the page and in the index. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";

export function Rename({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element {
  const name = useSignal(row.name);
  const written = name.value.trim();
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!written) return;
    const answer = await desk.run<{ warning?: string }>("speaker.rename", { registration_id: row.id, name: written });
    if (answer?.warning) desk.note(answer.warning);
    if (answer) desk.close();
  };
  return (
    <form class="mc-dialog__rename" onSubmit={(event) => void save(event)}>
      <label class="mc-field">
        <span>{t("Name in public")}</span>
        <input type="text" maxLength={80} required value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
      </label>
      <button type="submit" class="mc-button mc-button--plain" disabled={written === row.name || desk.isFlying(`speaker.rename:${row.id}`)}>{t("Change the name")}</button>
    </form>
  );
}
