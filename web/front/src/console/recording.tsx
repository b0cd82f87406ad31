/** The dialogs that take a recording from the public and give it back. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { Desk } from "./desk";
import { Buttons, Go } from "./gate-dialogs";
import { Dialog } from "./parts";

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
        <Go desk={desk} name="recording.withhold" payload={{ reason: reason.value }} tone="danger" disabled={!reason.value.trim()}>{t("Withhold it now")}</Go>
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
