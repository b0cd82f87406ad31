/** Which dialog is open, and those that do not touch the gate. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import { ApproveDialog, ConfirmDialog } from "./batch";
import type { Desk, OpenDialog } from "./desk";
import { DiscussionsDialog } from "./discussions";
import { FeedDialog } from "./feed-dialog";
import { DutyDialog } from "./duty";
import { FeedsDialog } from "./feeds";
import { AdjournDialog, EndDialog, LiveDialog, PrivateDialog, ReturnDialog, TechnicalDialog } from "./gate-dialogs";
import { InviteDialog } from "./invited";
import { KeysDialog } from "./keys-dialog";
import { NoteDialog } from "./notes";
import { OrderDialog } from "./order";
import { CloseButton, CopyField, Dialog } from "./parts";
import { PointDialog } from "./point-of-order";
import { PollsDialog } from "./polls";
import { AnswerDialog, MergeDialog, QuestionsDialog, RejectDialog, RemoveDialog } from "./question-dialogs";
import { KeepDialog, PublishDialog, WithholdDialog } from "./recording";
import { ResultDialog } from "./results";
import { SpeakerDialog } from "./speaker-dialog";

export function Dialogs({ desk }: { desk: Desk }): JSX.Element | null {
  const open = desk.dialog.value;
  if (!open) return null;
  switch (open.name) {
    case "private": return <PrivateDialog desk={desk} />;
    case "return": return <ReturnDialog desk={desk} />;
    case "live": return <LiveDialog desk={desk} />;
    case "end": return <EndDialog desk={desk} />;
    case "adjourn": return <AdjournDialog desk={desk} />;
    case "technical": return <TechnicalDialog desk={desk} />;
    case "reject": return <RejectDialog desk={desk} open={open} />;
    case "merge": return <MergeDialog desk={desk} open={open} />;
    case "result": return <ResultDialog desk={desk} />;
    case "remove": return <RemoveDialog desk={desk} open={open} />;
    case "answer": return <AnswerDialog desk={desk} open={open} />;
    case "questions": return <QuestionsDialog desk={desk} />;
    case "speaker": return <SpeakerDialog desk={desk} open={open} />;
    case "link": return <LinkDialog desk={desk} open={open} />;
    case "point": return <PointDialog desk={desk} />;
    case "order": return <OrderDialog desk={desk} />;
    case "note": return <NoteDialog desk={desk} />;
    case "feed": return <FeedDialog desk={desk} open={open} />;
    case "feeds": return <FeedsDialog desk={desk} />;
    case "approve": return <ApproveDialog desk={desk} />;
    case "confirm": return <ConfirmDialog desk={desk} />;
    case "polls": return <PollsDialog desk={desk} />;
    case "discussions": return <DiscussionsDialog desk={desk} />;
    case "invite": return <InviteDialog desk={desk} />;
    case "withhold": return <WithholdDialog desk={desk} />;
    case "publish": return <PublishDialog desk={desk} />;
    case "keep": return <KeepDialog desk={desk} />;
    case "duty": return <DutyDialog desk={desk} />;
    case "help": return <KeysDialog desk={desk} />;
  }
}

/** Of somebody who was invited: their link cannot be shown again, only made anew. */
function LinkDialog({ desk, open }: { desk: Desk; open: OpenDialog }): JSX.Element {
  const row = desk.staff.value.speakers.find((candidate) => candidate.id === open.id);
  return (
    <Dialog desk={desk} title={t("New link for {name}", { name: row?.name ?? "" })}>
      <p>{t("The old link no longer works. Send this one; it is shown only now.")}</p>
      <CopyField label={t("Personal link")} value={open.text ?? ""} />
      <div class="mc-dialog__buttons"><CloseButton desk={desk}>{t("Close")}</CloseButton></div>
    </Dialog>
  );
}
