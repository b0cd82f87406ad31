/** What is decided about a question in more than one press. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { QuestionView, RejectReason, StaffQuestion } from "../shared/wire";
import type { Desk, OpenDialog } from "./desk";
import { CloseButton, CommandButton, Dialog, PressButton, Trouble } from "./parts";
import { about, reasonWord } from "./question-words";

const REASONS: RejectReason[] = ["off_topic", "personal", "abusive", "answered", "no_question"];

interface DialogProps {
  desk: Desk;
  open: OpenDialog;
}

function find(desk: Desk, id: number | undefined): StaffQuestion | QuestionView | undefined {
  const { pending, rejected, public: meeting } = desk.staff.value;
  return [...pending, ...rejected, ...meeting.questions].find((question) => question.id === id);
}

export function RejectDialog({ desk, open }: DialogProps): JSX.Element | null {
  const reason = useSignal("");
  // What was on the screen when the officer began to decide.
  const question = useSignal(find(desk, open.id)).value;
  if (!question) return null;
  const reject = async (code: RejectReason): Promise<void> => {
    if (await desk.run("question.reject", { ...about(question), code, reason: reason.value.trim() })) desk.close();
  };
  const flying = desk.isFlying(`question.reject:${open.id}`);
  return (
    <Dialog desk={desk} title={t("Reject the question")} keys={Object.fromEntries(REASONS.map((code, at) => [`${at + 1}`, () => void reject(code)]))}>
      <p>{question.text}</p>
      <p>{t("Its author is told that it was not published, and which of these is the reason.")}</p>
      <div class="mc-stack">
        {REASONS.map((code, at) => <PressButton key={code} shortcut={`${at + 1}`} disabled={flying} onClick={() => void reject(code)}>{reasonWord(code)}</PressButton>)}
        <PressButton disabled={flying || !reason.value.trim()} onClick={() => void reject("other")}>{t("Another reason, as noted below")}</PressButton>
      </div>
      <label class="mc-field">
        <span>{t("Note for the log (its author does not see it)")}</span>
        <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <PressButton onClick={() => (desk.dialog.value = { name: "remove", id: question.id })}>{t("Remove the person from the questions…")}</PressButton>
        <CloseButton desk={desk} />
      </div>
    </Dialog>
  );
}

/** Harder than rejecting one question, so it is a dialog of its own. */
export function RemoveDialog({ desk, open }: DialogProps): JSX.Element | null {
  const reason = useSignal("");
  const question = useSignal(find(desk, open.id)).value;
  if (!question) return null;
  return (
    <Dialog desk={desk} title={t("Remove the person from the questions")} tone="danger">
      <p>{question.author || t("Anonymous")}: {question.text}</p>
      <p>{t("Their device can no longer ask or vote in this meeting, and what waits of theirs is rejected. They go on watching.")}</p>
      <label class="mc-field">
        <span>{t("The reason, as they will read it")}</span>
        <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <CommandButton
          desk={desk} name="person.remove" payload={{ ...about(question), reason: reason.value.trim() }} tone="danger"
          disabled={!reason.value.trim()} onDone={() => desk.close()}
        >
          {t("Remove")}
        </CommandButton>
        <CloseButton desk={desk} />
      </div>
    </Dialog>
  );
}

export function MergeDialog({ desk, open }: DialogProps): JSX.Element | null {
  const question = useSignal(find(desk, open.id)).value;
  if (!question) return null;
  const targets = desk.meeting.value.questions.filter((target) => target.id !== open.id && target.state !== "answered");
  return (
    <Dialog desk={desk} title={t("Put together with which question?")}>
      <div class="mc-stack">
        {targets.map((target) => (
          <CommandButton key={target.id} desk={desk} name="question.merge" payload={{ ...about(question), into_id: target.id }} onDone={() => desk.close()}>
            {target.text}
          </CommandButton>
        ))}
        {!targets.length && <p>{t("There is no open question to put it together with.")}</p>}
      </div>
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons"><CloseButton desk={desk} /></div>
    </Dialog>
  );
}

export function AnswerDialog({ desk, open }: DialogProps): JSX.Element | null {
  const text = desk.draft(`answer:${open.id}`);
  const question = useSignal(find(desk, open.id)).value;
  if (!question) return null;
  const isPublic = desk.meeting.value.questions.some((one) => one.id === question.id);
  const send = async (toAskerAlone: boolean): Promise<void> => {
    const payload = { ...about(question), text: text.value.trim(), private: toAskerAlone };
    if (!(await desk.run("question.answer", payload))) return;
    text.value = "";
    desk.close();
  };
  const off = !text.value.trim() || desk.isFlying(`question.answer:${question.id}`);
  return (
    <Dialog desk={desk} title={t("Answer in writing")}>
      <p>{question.text}</p>
      <label class="mc-field">
        <span>{t("The answer")}</span>
        <textarea rows={6} maxLength={2000} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      {!isPublic && <p>{t("To answer it for everybody, approve it first.")}</p>}
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        {isPublic && <PressButton tone="primary" disabled={off} onClick={() => void send(false)}>{t("Publish the answer")}</PressButton>}
        <PressButton disabled={off} onClick={() => void send(true)}>{t("Send it to who asked, alone")}</PressButton>
        <CloseButton desk={desk} />
      </div>
    </Dialog>
  );
}

export function QuestionsDialog({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const strict = meeting.questions_moderated !== false;
  const sure = useSignal(false);
  const base = `/console/meetings/${meeting.ref}`;
  return (
    <Dialog desk={desk} title={t("Questions")}>
      <p>{strict ? t("An officer reads each question before others do.") : t("Questions are public at once: nobody reads them first.")}</p>
      <div class="mc-stack">
        {strict && !sure.value && <PressButton onClick={() => (sure.value = true)}>{t("Publish questions without reading them first…")}</PressButton>}
        {strict
          ? sure.value && <CommandButton desk={desk} name="questions.moderation" payload={{ strict: false, confirmed: true }} tone="danger">{t("Yes: everybody sees every question at once")}</CommandButton>
          : <CommandButton desk={desk} name="questions.moderation" payload={{ strict: true }} tone="good">{t("Read every question first")}</CommandButton>}
      </div>
      <h3 class="mc-subhead">{t("On which items?")}</h3>
      <ul class="mc-rows mc-rows--short">
        {meeting.agenda.filter((item) => !item.heading).map((item) => (
          <li key={item.id} class="mc-row">
            <span class="mc-row__who">{item.number} {item.title || t("(title not published)")}</span>
            <span class="mc-row__state">{item.questions_open === false ? t("closed") : t("open")}</span>
            <CommandButton desk={desk} name="questions.open" payload={{ open: item.questions_open === false, item_id: item.id }}>
              {item.questions_open === false ? t("Open") : t("Close")}<span class="govuk-visually-hidden"> {item.number}</span>
            </CommandButton>
          </li>
        ))}
      </ul>
      <Removed desk={desk} />
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <a href="/console/words" target="_blank" rel="noopener">{t("Words that flag")}</a>
        <a href={`${base}/questions.csv`} download>{t("Questions (CSV)")}</a>
        <a href={`${base}/moderation.csv`} download>{t("Moderation log (CSV)")}</a>
        <a href={`${base}/questions.json`} download>{t("All of it (JSON)")}</a>
        <CloseButton desk={desk} first>{t("Close")}</CloseButton>
      </div>
    </Dialog>
  );
}

function Removed({ desk }: { desk: Desk }): JSX.Element | null {
  const removed = desk.staff.value.removed ?? [];
  if (!removed.length) return null;
  return (
    <>
      <h3 class="mc-subhead">{t("Removed from the questions")}</h3>
      <ul class="mc-rows mc-rows--short">
        {removed.map((one) => (
          <li key={one.id} class="mc-row">
            <span class="mc-row__who"><strong>{one.author || t("Anonymous")}</strong> {one.reason}</span>
            <span class="mc-row__state">{one.by}, {timeOfDay(one.at_ms)}</span>
            <CommandButton desk={desk} name="person.restore" payload={{ removal_id: one.id }}>{t("Let back in")}</CommandButton>
          </li>
        ))}
      </ul>
    </>
  );
}
