/** What was published of the questions: their order, the votes, the answers. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { itemNumber } from "../shared/format";
import { t, tn } from "../shared/i18n";
import type { ItemView, QuestionView } from "../shared/wire";
import type { PublicFeed } from "./feed";

/** By the time they were asked, unless the reader wishes otherwise: votes advise, and can be stuffed. */
export const ORDERS = ["asked", "votes", "item"] as const;
export type QuestionOrder = (typeof ORDERS)[number];

export interface QuestionListProps {
  feed: PublicFeed;
  order: Signal<QuestionOrder>;
  /** Where a question's answer is on the player's scale. */
  answer: (question: QuestionView) => number | null;
  /** Jump to the moment of an answer. */
  jump: ((seconds: number) => void) | null;
  hasVoted: (id: number) => boolean;
  vote: (question: QuestionView) => void;
}

export function QuestionList(props: QuestionListProps): JSX.Element {
  const { questions: rows, questions_open, questions_frozen, agenda } = props.feed.snapshot.signal.value;
  const open = questions_open && !questions_frozen && !props.feed.removed.value;
  return (
    <>
      {rows.length > 1 && <OrderChoice order={props.order} />}
      <ul class="question-list govuk-list">
        {!rows.length && <li class="mh-question mh-question--none">{t("No questions have been published yet.")}</li>}
        {inOrder(rows, props.order.value, agenda).map((row) => <Row key={row.id} row={row} agenda={agenda} open={open} {...props} />)}
      </ul>
    </>
  );
}

function OrderChoice({ order }: { order: Signal<QuestionOrder> }): JSX.Element {
  const words: Record<QuestionOrder, string> = { asked: t("As asked"), votes: t("Most votes"), item: t("By item") };
  return (
    <p class="question-order" role="group" aria-label={t("Order of the questions")}>
      {ORDERS.map((one) => (
        <button key={one} type="button" class="mh-link-button" aria-pressed={order.value === one} onClick={() => (order.value = one)}>{words[one]}</button>
      ))}
    </p>
  );
}

interface RowProps extends QuestionListProps {
  row: QuestionView;
  agenda: readonly ItemView[];
  open: boolean;
}

function Row({ row, agenda, open, answer, jump, hasVoted, vote }: RowProps): JSX.Element {
  return (
    <li class="mh-question" data-question-id={row.id} data-state={row.state}>
      <p class="mh-question__text">{row.text}</p>
      <p class="mh-question__about">
        <span>{row.author || t("Anonymous")}</span>
        {row.item_id !== null && <span>{itemLabel(agenda, row.item_id)}</span>}
        {row.state === "answering" && <strong class="govuk-tag govuk-tag--green">{t("Being answered")}</strong>}
        {row.state === "answered" && <Answered row={row} />}
      </p>
      {row.answer && <p class="mh-answer">{row.answer}</p>}
      <p class="mh-question__do">
        {row.state === "answered"
          ? <AnswerLink at={answer(row)} jump={jump} />
          : <VoteButton row={row} voted={hasVoted(row.id)} open={open} vote={vote} />}
      </p>
    </li>
  );
}

/** Spoken, in writing, or to who asked alone: to be told apart at a glance. */
function Answered({ row }: { row: QuestionView }): JSX.Element {
  if (row.answered_how === "written") return <strong class="govuk-tag govuk-tag--blue">{t("Answered in writing")}</strong>;
  if (row.answered_how === "private") return <strong class="govuk-tag govuk-tag--purple">{t("Answered to who asked")}</strong>;
  return <strong class="govuk-tag govuk-tag--grey">{t("Answered at the meeting")}</strong>;
}

const RANK = { answering: 0, approved: 1, answered: 2 };

/** What is being answered, then what waits in the order that was chosen, then what is done. */
export function inOrder(rows: readonly QuestionView[], order: QuestionOrder, agenda: readonly ItemView[]): QuestionView[] {
  const places = new Map(agenda.map((item, place) => [item.id, place]));
  const place = (row: QuestionView): number => (row.item_id === null ? -1 : places.get(row.item_id) ?? agenda.length);
  const by: Record<QuestionOrder, (a: QuestionView, b: QuestionView) => number> = {
    asked: () => 0,
    votes: (a, b) => b.votes - a.votes,
    item: (a, b) => place(a) - place(b),
  };
  return [...rows].sort((a, b) => RANK[a.state] - RANK[b.state] || by[order](a, b) || a.id - b.id);
}

function itemLabel(agenda: readonly ItemView[], id: number): string {
  const item = agenda.find((candidate) => candidate.id === id);
  return item ? t("Item {number}", { number: itemNumber(item) }) : "";
}

function AnswerLink({ at, jump }: { at: number | null; jump: QuestionListProps["jump"] }): JSX.Element | null {
  if (at === null || !jump) return null;
  return <button type="button" class="mh-link-button" onClick={() => jump(at)}>{t("Watch the answer")}</button>;
}

function VoteButton({ row, voted, open, vote }: { row: QuestionView; voted: boolean; open: boolean; vote: QuestionListProps["vote"] }): JSX.Element {
  if (!open && !voted) return <span class="question-votes">{tn("{n} vote", "{n} votes", row.votes)}</span>;
  return (
    <button type="button" class="mh-vote" aria-pressed={voted} onClick={() => vote(row)}>
      <span aria-hidden="true">▲</span> {voted ? t("Voted") : t("Vote")}
      <span class="mh-vote__count">
        {row.votes}<span class="govuk-visually-hidden"> {tn("vote", "votes", row.votes)}</span>
      </span>
    </button>
  );
}
