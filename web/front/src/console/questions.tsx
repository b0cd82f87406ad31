/** The inbox of questions, and those that are public. */

import type { JSX } from "preact";
import { itemNumber, timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { PendingQuestion, QuestionView } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton, Panel, PressButton } from "./parts";

/** The question that A, X and M act on: the selected one, else the oldest. */
export function chosen(desk: Desk): PendingQuestion | null {
  const { pending } = desk.staff.peek();
  return pending.find((question) => question.id === desk.selected.peek()) ?? pending[0] ?? null;
}

export function moveSelection(desk: Desk, by: number): void {
  const { pending } = desk.staff.peek();
  const at = pending.findIndex((question) => question.id === chosen(desk)?.id);
  desk.selected.value = pending[Math.min(Math.max(at + by, 0), pending.length - 1)]?.id ?? null;
  document.querySelector(".mc-question[data-chosen=true]")?.scrollIntoView({ block: "nearest" });
}

export function Questions({ desk }: { desk: Desk }): JSX.Element {
  const { pending, rejected, public: meeting } = desk.staff.value;
  const current = pending.find((question) => question.id === desk.selected.value) ?? pending[0];
  const open = meeting.questions_open;
  return (
    <Panel
      title={t("Questions")} class="mc-questions"
      aside={
        <>
          <span class="mc-count" data-some={pending.length > 0}>{t("{n} to read", { n: pending.length })}</span>
          <CommandButton desk={desk} name="questions.open" payload={{ open: !open }}>{open ? t("Close") : t("Open")}</CommandButton>
        </>
      }
    >
      {!open && <p class="mc-none">{t("Questions are closed: nobody can send one.")}</p>}
      {open && !pending.length && !meeting.questions.length && <p class="mc-none">{t("No question is waiting.")}</p>}
      <ul class="mc-rows">
        {pending.map((question) => <Pending key={question.id} desk={desk} question={question} current={question.id === current?.id} />)}
        {meeting.questions.map((question) => <Public key={question.id} desk={desk} question={question} />)}
        {rejected.map((question) => (
          <li key={question.id} class="mc-question" data-state="rejected">
            <p>{question.text}</p>
            <div class="mc-row__do">
              <span class="mc-row__about">{t("Rejected")}</span>
              <CommandButton desk={desk} name="question.approve" payload={{ question_id: question.id }}>{t("Approve after all")}</CommandButton>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function about(desk: Desk, question: { author: string; item_id: number | null }): string {
  const item = desk.meeting.value.agenda.find((candidate) => candidate.id === question.item_id);
  const author = question.author || t("Anonymous");
  return item ? `${author} · ${t("Item {number}", { number: itemNumber(item) })}` : author;
}

function Pending({ desk, question, current }: { desk: Desk; question: PendingQuestion; current: boolean }): JSX.Element {
  const key = (letter: string): { shortcut?: string } => (current ? { shortcut: letter } : {});
  return (
    <li class="mc-question" data-state="pending" data-chosen={current} onClick={() => (desk.selected.value = question.id)}>
      <p>{question.text}</p>
      <span class="mc-row__about">{about(desk, question)} · {timeOfDay(question.asked_ms)}</span>
      <div class="mc-row__do">
        <CommandButton desk={desk} name="question.approve" payload={{ question_id: question.id }} tone="primary" {...key("A")}>{t("Approve")}</CommandButton>
        <PressButton {...key("X")} onClick={() => (desk.dialog.value = { name: "reject", id: question.id })}>{t("Reject")}</PressButton>
        <PressButton {...key("M")} disabled={!desk.meeting.value.questions.length} onClick={() => (desk.dialog.value = { name: "merge", id: question.id })}>{t("Merge")}</PressButton>
      </div>
    </li>
  );
}

function Public({ desk, question }: { desk: Desk; question: QuestionView }): JSX.Element {
  const payload = { question_id: question.id };
  return (
    <li class="mc-question" data-state={question.state}>
      <p>{question.text}</p>
      <span class="mc-row__about">{about(desk, question)} · {t("{n} votes", { n: question.votes })}</span>
      <div class="mc-row__do">
        {question.state === "approved" && <CommandButton desk={desk} name="question.start_answer" payload={payload} tone="primary">{t("Being answered")}</CommandButton>}
        {question.state === "answering" && <CommandButton desk={desk} name="question.finish_answer" payload={payload} tone="good">{t("Answered")}</CommandButton>}
        {question.state === "answering" && <CommandButton desk={desk} name="question.put_back" payload={payload}>{t("Put back")}</CommandButton>}
        {question.state === "approved" && <PressButton onClick={() => (desk.dialog.value = { name: "reject", id: question.id })}>{t("Take down")}</PressButton>}
        {question.state === "answered" && <span class="mc-row__about">{t("Answered")}</span>}
      </div>
    </li>
  );
}
