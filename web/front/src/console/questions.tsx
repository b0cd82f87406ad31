/** The inbox of questions, and those that are public. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { itemNumber, timeOfDay } from "../shared/format";
import { t, tn } from "../shared/i18n";
import type { PublicSnapshot, QuestionView, StaffQuestion } from "../shared/wire";
import type { Desk } from "./desk";
import { HandsAt, keepHand } from "./hands";
import { letter, type Action } from "./keys";
import { Below, CommandButton, Panel, PressButton } from "./parts";
import { about, reasonWord } from "./question-words";
import { useSettled, useSteady } from "./steady";

/** The question that A, X, M and W act on: the selected one, else the oldest. */
export function chosen(desk: Desk): StaffQuestion | null {
  const { pending } = desk.staff.peek();
  return pending.find((question) => question.id === desk.selected.peek()) ?? pending[0] ?? null;
}

export function moveSelection(desk: Desk, by: number): void {
  const { pending } = desk.staff.peek();
  const at = pending.findIndex((question) => question.id === chosen(desk)?.id);
  select(desk, pending[Math.min(Math.max(at + by, 0), pending.length - 1)]?.id ?? null);
  document.querySelector(".mc-question[data-chosen=true]")?.scrollIntoView({ block: "nearest" });
}

function select(desk: Desk, id: number | null): void {
  desk.selected.value = id;
  desk.aims.question.choose(inItsWords(chosen(desk)));
  keepHand(desk, id);
}

/** What the officer reads: a question that its author has just changed is another one. */
function inItsWords(question: StaffQuestion | null | undefined): string {
  return question ? `${question.id} of ${question.edited_ms ?? question.asked_ms}` : "";
}

/** The same for a key that is pressed: nothing, while it has become another just now. */
export function aimedAt(desk: Desk): StaffQuestion | null {
  const question = chosen(desk);
  return question && desk.aimed("question", inItsWords(question)) ? question : null;
}

/** The key T: the question that is being answered was answered; else the next is taken up, of this item before others. */
export function nextAnswer(meeting: PublicSnapshot): { command: string; question: QuestionView } | null {
  const now = meeting.questions.find((question) => question.state === "answering");
  if (now) return { command: "question.finish_answer", question: now };
  const away = (question: QuestionView): number => (question.item_id === meeting.now_item_id ? 0 : 1);
  const [next] = meeting.questions
    .filter((question) => question.state === "approved")
    .sort((a, b) => away(a) - away(b) || b.votes - a.votes || a.id - b.id);
  return next ? { command: "question.start_answer", question: next } : null;
}

export function stepQuestion(desk: Desk): void {
  const step = nextAnswer(desk.meeting.peek());
  if (step) void desk.run(step.command, about(step.question));
}

export function Questions({ desk }: { desk: Desk }): JSX.Element {
  const { pending, rejected, settled = [], public: meeting } = desk.staff.value;
  const current = pending.find((question) => question.id === desk.selected.value) ?? pending[0];
  const { questions_open: open, questions_frozen: frozen } = meeting;
  const aloud = nextAnswer(meeting)?.question.id;
  const { rows, fresh, list } = useSteady([
    ...pending.map((question) => ({ id: question.id, row: <Pending key={question.id} desk={desk} question={question} current={question.id === current?.id} /> })),
    ...meeting.questions.map((question) => ({ id: question.id, row: <Public key={question.id} desk={desk} question={question} shortcut={question.id === aloud} /> })),
    ...rejected.map((question) => ({ id: question.id, row: <Rejected key={question.id} desk={desk} question={question} /> })),
    ...settled.map((question) => ({ id: question.id, row: <Settled key={question.id} desk={desk} question={question} /> })),
  ]);
  useEffect(() => desk.aims.question.see(inItsWords(current)));
  return (
    <Panel
      title={t("Questions")} class="mc-questions"
      aside={
        <>
          <span class="mc-count" data-some={pending.length > 0}>{t("{n} to read", { n: pending.length })}</span>
          <CommandButton desk={desk} name="questions.open" payload={{ open: !open }}>{open ? t("Close") : t("Open")}</CommandButton>
          <CommandButton desk={desk} name="questions.freeze" payload={{ frozen: !frozen }} tone={frozen ? "good" : "plain"} shortcut={letter("freeze")}>{frozen ? t("Thaw") : t("Freeze")}</CommandButton>
          <PressButton shortcut={letter("questions")} onClick={() => (desk.dialog.value = { name: "questions" })}>{t("More")}</PressButton>
        </>
      }
    >
      {meeting.questions_moderated === false && <p class="mc-none">{t("Questions are public at once: nobody reads them first.")}</p>}
      {frozen && <p class="mc-none">{t("Frozen: nobody can ask or vote. What is public stays.")}</p>}
      {!open && <p class="mc-none">{t("Questions are closed: nobody can send one.")}</p>}
      {open && !pending.length && !meeting.questions.length && <p class="mc-none">{t("No question is waiting.")}</p>}
      {pending.length > 1 && <PressButton class="mc-together" shortcut={letter("approve_all")} onClick={() => (desk.dialog.value = { name: "approve" })}>{t("Approve together…")}</PressButton>}
      <ul class="mc-rows" {...list}>{rows.map(({ row }) => row)}</ul>
      <Below fresh={fresh} />
    </Panel>
  );
}

function origin(desk: Desk, question: { author: string; item_id: number | null }): string {
  const item = desk.meeting.value.agenda.find((candidate) => candidate.id === question.item_id);
  const author = question.author || t("Anonymous");
  return item ? `${author} · ${t("Item {number}", { number: itemNumber(item) })}` : author;
}

interface RowProps<Q> {
  desk: Desk;
  question: Q;
}

function Pending({ desk, question, current }: RowProps<StaffQuestion> & { current: boolean }): JSX.Element {
  const key = (action: Action): { shortcut?: string } => (current ? { shortcut: letter(action) } : {});
  // Whoever presses just as its author changes it has read the older words, and the server refuses those.
  const read = useSettled(question.version);
  const payload = about({ id: question.id, ...(read === undefined ? {} : { version: read }) });
  return (
    <li class="mc-question" data-state="pending" data-row={question.id} tabIndex={-1} data-chosen={current} onClick={() => select(desk, question.id)}>
      <p>{question.text}</p>
      <span class="mc-row__about">{origin(desk, question)} · {timeOfDay(question.asked_ms)}{question.edited_ms && ` · ${t("changed by its author at {time}", { time: timeOfDay(question.edited_ms) })}`}</span>
      {Boolean(question.flags?.length) && <span class="mc-flags">{t("Look closely: {flags}", { flags: question.flags?.join(", ") ?? "" })}</span>}
      <HandsAt desk={desk} question={question.id} />
      <div class="mc-row__do">
        <CommandButton desk={desk} name="question.approve" payload={payload} tone="primary" {...key("approve")}>{t("Approve")}</CommandButton>
        <PressButton {...key("reject")} onClick={() => (desk.dialog.value = { name: "reject", id: question.id })}>{t("Reject")}</PressButton>
        <PressButton {...key("merge")} disabled={!desk.meeting.value.questions.length} onClick={() => (desk.dialog.value = { name: "merge", id: question.id })}>{t("Merge")}</PressButton>
        <PressButton {...key("write")} onClick={() => (desk.dialog.value = { name: "answer", id: question.id })}>{t("Write")}</PressButton>
      </div>
    </li>
  );
}

function Public({ desk, question, shortcut }: RowProps<QuestionView> & { shortcut: boolean }): JSX.Element {
  const payload = about(question);
  const key = shortcut ? { shortcut: letter("answer_aloud") } : {};
  const write = <PressButton onClick={() => (desk.dialog.value = { name: "answer", id: question.id })}>{t("Write")}</PressButton>;
  return (
    <li class="mc-question" data-state={question.state} data-row={question.id} tabIndex={-1}>
      <p>{question.text}</p>
      <span class="mc-row__about">{origin(desk, question)} · {tn("{n} vote", "{n} votes", question.votes)}</span>
      <HandsAt desk={desk} question={question.id} />
      <div class="mc-row__do">
        {question.state === "approved" && <CommandButton desk={desk} name="question.start_answer" payload={payload} tone="primary" {...key}>{t("Being answered")}</CommandButton>}
        {question.state === "answering" && <CommandButton desk={desk} name="question.finish_answer" payload={payload} tone="good" {...key}>{t("Answered")}</CommandButton>}
        {question.state === "approved" && write}
        {question.state === "approved" && <PressButton onClick={() => (desk.dialog.value = { name: "reject", id: question.id })}>{t("Take down")}</PressButton>}
        {question.state === "answered" && <span class="mc-row__about">{answeredWord(question)}</span>}
        {question.state !== "approved" && <CommandButton desk={desk} name="question.put_back" payload={payload}>{t("Put back")}</CommandButton>}
      </div>
    </li>
  );
}

function answeredWord(question: QuestionView): string {
  if (question.answered_how === "written") return t("Answered in writing");
  return question.answered_how === "private" ? t("Answered to who asked") : t("Answered");
}

function Rejected({ desk, question }: RowProps<StaffQuestion>): JSX.Element {
  return (
    <li class="mc-question" data-state="rejected" data-row={question.id} tabIndex={-1}>
      <p>{question.text}</p>
      <div class="mc-row__do">
        <span class="mc-row__about">{t("Rejected")}: {reasonWord(question.rejected_for || "other")}</span>
        <CommandButton desk={desk} name="question.approve" payload={about(question)}>{t("Approve after all")}</CommandButton>
        <CommandButton desk={desk} name="question.put_back" payload={about(question)}>{t("Put back")}</CommandButton>
      </div>
    </li>
  );
}

function Settled({ desk, question }: RowProps<StaffQuestion>): JSX.Element {
  const words = question.state === "merged" ? t("Merged") : question.state === "replied" ? t("Answered to who asked") : t("Taken back by its author");
  return (
    <li class="mc-question" data-state="rejected" data-row={question.id} tabIndex={-1}>
      <p>{question.text}</p>
      <div class="mc-row__do">
        <span class="mc-row__about">{words}</span>
        {question.state === "merged" && <CommandButton desk={desk} name="question.put_back" payload={about(question)}>{t("Put back")}</CommandButton>}
      </div>
    </li>
  );
}
