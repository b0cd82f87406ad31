/** The dialogs that take a recording from the public, give it back, and keep it for longer. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { dayOf } from "../shared/format";
import { t } from "../shared/i18n";
import type { Desk } from "./desk";
import { Buttons, Go } from "./gate-dialogs";
import { Dialog, PressButton } from "./parts";

export function WithholdDialog({ desk }: { desk: Desk }): JSX.Element {
  const reason = useSignal("");
  return (
    <Dialog desk={desk} title={t("Withhold the recording")} tone="danger">
      <p class="mc-dialog__large">{t("From the next request on the public get nothing of it: no page, player, download or picture.")}</p>
      <p>{t("It stays on this server’s disk and can be published again. What somebody has downloaded, or another site’s cache keeps, is out of reach.")}</p>
      <label class="mc-field">
        <span>{t("Reason, for the log only")}</span>
        <input type="text" maxLength={200} value={reason.value} autofocus onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <Buttons desk={desk}>
        <Go desk={desk} name="recording.withhold" payload={{ reason: reason.value }} tone="danger" missing={!reason.value.trim() && t("Write the reason first.")}>{t("Withhold it now")}</Go>
      </Buttons>
    </Dialog>
  );
}

export function PublishDialog({ desk }: { desk: Desk }): JSX.Element {
  return (
    <Dialog desk={desk} title={t("Publish the recording again")}>
      <p class="mc-dialog__large">{t("The public can watch, download and share the whole recording.")}</p>
      <Buttons desk={desk} careful>
        <Go desk={desk} name="recording.publish" payload={{ confirmed: true }} tone="primary">{t("Publish it")}</Go>
      </Buttons>
    </Dialog>
  );
}

export function KeepDialog({ desk }: { desk: Desk }): JSX.Element {
  const told = desk.staff.value.recording_until ?? "";
  const until = useSignal(told);
  const reason = useSignal("");
  const missing = until.value <= told ? t("Choose a later day first.") : !reason.value.trim() && t("Write the reason first.");
  return (
    <Dialog desk={desk} title={t("Keep the recording for longer")}>
      <p>{t("The public page says until when the recording is kept. It cannot be made shorter again.")}</p>
      <label class="mc-field">
        <span>{t("The last day")}</span>
        <input type="date" min={told} value={until.value} autofocus onInput={(event) => (until.value = event.currentTarget.value)} />
      </label>
      <label class="mc-field">
        <span>{t("Reason, for the log only")}</span>
        <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <Buttons desk={desk}>
        <Go desk={desk} name="recording.keep" payload={{ until: until.value, reason: reason.value }} tone="primary" missing={missing}>{t("Keep it")}</Go>
      </Buttons>
    </Dialog>
  );
}

/** Until when it is kept, and the way to change that; nothing where recordings are kept for good. */
export function KeptUntil({ desk }: { desk: Desk }): JSX.Element | null {
  const until = desk.staff.value.recording_until;
  if (!until) return null;
  return (
    <>
      <span>{t("The recording is kept until {day}, then it is deleted.", { day: dayOf(until) })}</span>
      <PressButton onClick={() => (desk.dialog.value = { name: "keep" })}>{t("Keep it for longer")}</PressButton>
    </>
  );
}
