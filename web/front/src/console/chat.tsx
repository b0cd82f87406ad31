/** Words with one resident. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";

const CHARACTERS = 500;

export function Chat({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element {
  const text = useSignal("");
  const lines = row.chat ?? [];
  const last = lines.at(-1)?.id;
  useEffect(() => {
    // What is on the screen is read, for the consoles of the others too.
    if (row.unread && last) void desk.run("chat.read", { registration_id: row.id, up_to: last });
  }, [last, row.unread]);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    const words = text.value.trim();
    if (words && (await desk.run("chat.reply", { registration_id: row.id, text: words }))) text.value = "";
  };
  return (
    <section class="mc-chat" aria-label={t("Words with {name}", { name: row.name })}>
      {lines.length > 0 && (
        <div class="mc-chat__lines" role="log" aria-label={t("What was written")} tabIndex={0}>
          {lines.map((line) => (
            <p key={line.id} data-mine={Boolean(line.officer)}>
              <span>{line.officer || row.name}, {timeOfDay(line.at_ms)}</span> {line.text}
            </p>
          ))}
        </div>
      )}
      <form onSubmit={(event) => void send(event)}>
        <input
          type="text" maxLength={CHARACTERS} autocomplete="off" aria-label={t("Write to {name}", { name: row.name })} placeholder={t("Write to {name}", { name: row.name })}
          value={text.value} onInput={(event) => (text.value = event.currentTarget.value)}
        />
        <button type="submit" class="mc-button mc-button--primary" disabled={!text.value.trim() || desk.isFlying(`chat.reply:${row.id}`)}>{t("Send")}</button>
      </form>
    </section>
  );
}
