/** Notes for the minutes: with the moment in the recording, and for officers alone. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { clockText } from "../shared/countdown";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { NoteView } from "../shared/wire";
import type { Desk } from "./desk";
import { CloseButton, Dialog, Trouble } from "./parts";

export function NoteDialog({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const item = useSignal(meeting.now_item_id);
  const text = desk.draft("note");
  const notes = (desk.staff.value.notes ?? []).filter((note) => note.item_id === item.value);
  const write = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!text.value.trim()) return;
    if (await desk.run("note.write", { item_id: item.value, text: text.value.trim() }, "note.write")) text.value = "";
  };
  return (
    <Dialog desk={desk} title={t("Note for the minutes")}>
      <p>{t("Officers alone see it, with the moment in the recording. The public never do.")}</p>
      <form onSubmit={(event) => void write(event)}>
        <label class="mc-field">
          <span>{t("Item")}</span>
          <select value={item.value === null ? "" : String(item.value)} onChange={(event) => (item.value = event.currentTarget.value ? Number(event.currentTarget.value) : null)}>
            <option value="">{t("No particular item")}</option>
            {meeting.agenda.filter((one) => !one.heading).map((one) => <option key={one.id} value={String(one.id)}>{one.number} {one.title}</option>)}
          </select>
        </label>
        <label class="mc-field">
          <span>{t("Note")}</span>
          <textarea rows={3} maxLength={2000} autofocus value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
        </label>
        {notes.length > 0 && <ul class="mc-notes" aria-label={t("Notes so far")}>{notes.map((note) => <li key={note.id}>{noteWords(note)}</li>)}</ul>}
        <Trouble desk={desk} />
        <div class="mc-dialog__buttons">
          <button type="submit" class="mc-button mc-button--primary" disabled={!text.value.trim() || desk.isFlying("note.write")}>{t("Keep the note")}</button>
          <a class="mc-button mc-button--plain" href={`/console/meetings/${encodeURIComponent(desk.page.ref)}/notes.csv`}>{t("All notes as a file")}</a>
          <CloseButton desk={desk}>{t("Close")}</CloseButton>
        </div>
      </form>
    </Dialog>
  );
}

/** "19:02, Ann, at 0:32:05: Cllr Doe left." */
export function noteWords(note: NoteView): string {
  const told = { time: timeOfDay(note.at_ms), by: note.by, text: note.text };
  return note.seconds === null ? t("{time}, {by}: {text}", told) : t("{time}, {by}, at {moment}: {text}", { ...told, moment: clockText(note.seconds) });
}
