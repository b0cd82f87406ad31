/** Everything about one resident: who they are, their link, and what was written to them. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import { Chat } from "./chat";
import type { Desk, OpenDialog } from "./desk";
import { mailWords } from "./mail-words";
import { canJoinByPhone } from "./needs";
import { CloseButton, CommandButton, CopyField, Dialog, PressButton, Trouble } from "./parts";
import { address, codePage } from "./personal-link";
import { Rename } from "./rename";
import { deviceWords, stateWord } from "./speaker-words";
import { TakeOut } from "./take-out";
import { answers } from "./taking-part";

const LINK_WORKS = ["submitted", "confirmed", "waiting_list", "checked_in", "called", "on_air", "no_show"];

export function SpeakerDialog({ desk, open }: { desk: Desk; open: OpenDialog }): JSX.Element | null {
  const row = desk.staff.value.speakers.find((candidate) => candidate.id === open.id);
  if (!row) return null;
  const browser = row.device_check["browser"];
  const facts: [string, string][] = [
    [t("State"), stateWord(row.state)],
    [t("E-mail"), row.email],
    [t("Telephone"), row.phone],
    [t("About"), row.summary],
    ...answers(row),
    [t("Device"), [deviceWords(row), typeof browser === "string" ? browser : ""].filter(Boolean).join(", ")],
    [t("Written to"), (row.mails ?? []).map(mailWords).join(" · ")],
  ];
  return (
    <Dialog desk={desk} title={row.name}>
      <dl class="mc-dialog__facts">
        {facts.filter(([, value]) => value).map(([label, value]) => <div key={label}><dt>{label}</dt><dd>{value}</dd></div>)}
      </dl>
      <Rename desk={desk} row={row} />
      {LINK_WORKS.includes(row.state) && <PersonalLink desk={desk} row={row} />}
      {LINK_WORKS.includes(row.state) && <Chat desk={desk} row={row} />}
      <TakeOut desk={desk} row={row} />
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        {canJoinByPhone(row) && <CommandButton desk={desk} name="speaker.by_phone" payload={{ registration_id: row.id, on: true }} onDone={() => desk.close()}>{t("Is on the telephone")}</CommandButton>}
        {row.by_phone && ["checked_in", "called"].includes(row.state) && <CommandButton desk={desk} name="speaker.by_phone" payload={{ registration_id: row.id, on: false }} onDone={() => desk.close()}>{t("Not on the telephone any more")}</CommandButton>}
        {["confirmed", "submitted", "waiting_list"].includes(row.state) && (
          <CommandButton desk={desk} name="speaker.decline" payload={{ registration_id: row.id }} onDone={() => desk.close()}>{t("Decline")}</CommandButton>
        )}
        <CloseButton desk={desk}>{t("Close")}</CloseButton>
      </div>
    </Dialog>
  );
}

/** Shown to be copied, sent once more, or made anew. */
function PersonalLink({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element {
  const shown = useSignal<{ token: string; short_code: string | null } | null>(null);
  const show = async (name: string): Promise<void> => {
    shown.value = (await desk.run<{ token: string; short_code: string | null }>(name, { registration_id: row.id })) ?? shown.value;
  };
  const mails = Boolean(desk.page.mails) && row.email;
  return (
    <div class="mc-dialog__link">
      {shown.value && <CopyField label={t("Personal link")} value={address(shown.value.token)} />}
      {shown.value?.short_code && <p>{t("On the telephone: “Open {page} and enter the code {code} and your surname.”", { page: codePage(), code: shown.value.short_code })}</p>}
      <div class="mc-dialog__buttons">
        {mails && <CommandButton desk={desk} name="speaker.send_link" payload={{ registration_id: row.id }}>{t("Send the link by e-mail")}</CommandButton>}
        <PressButton disabled={desk.isFlying(`speaker.link:${row.id}`)} onClick={() => void show("speaker.link")}>{t("Show the link")}</PressButton>
        <PressButton title={t("The old link stops working at once.")} disabled={desk.isFlying(`speaker.new_link:${row.id}`)} onClick={() => void show("speaker.new_link")}>{t("New personal link")}</PressButton>
      </div>
    </div>
  );
}

