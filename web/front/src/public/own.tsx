/** Where one's own questions stand, in words, and the ways to change one and to take it back. */

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../shared/i18n";
import type { OwnQuestion, RejectReason } from "../shared/wire";
import type { PublicFeed } from "./feed";
import { OwnEditor } from "./own-editor";

export function ownStateWords(question: OwnQuestion): string {
  switch (question.state) {
    case "pending": return t("Waiting for a member of staff to read it. Nobody else sees it yet.");
    case "approved": return t("Published.");
    case "answering": return t("Being answered now.");
    case "answered":
      return question.answered_how === "private" ? t("An officer has answered you. Others see the question, and not the answer.") : t("Answered.");
    case "replied": return t("An officer has answered you, and nobody else sees it.");
    case "merged": return question.into
      ? t("Put together with “{text}”.", { text: question.into.text })
      : t("Put together with a similar question.");
    case "rejected": return `${t("Not published.")} ${rejectedFor(question.rejected_for ?? "other")}`;
    case "withdrawn": return t("You took it back.");
  }
}

function rejectedFor(reason: RejectReason | ""): string {
  switch (reason) {
    case "off_topic": return t("It is not about this meeting.");
    case "personal": return t("It names or describes a private person.");
    case "abusive": return t("It is abusive.");
    case "answered": return t("It has been answered already.");
    case "no_question": return t("It is not a question.");
    default: return t("Ask democratic services for the reason.");
  }
}

interface OwnListProps {
  feed: PublicFeed;
  /** The question that is being changed: one at a time. */
  editing: Signal<number | null>;
}

export function OwnList({ feed, editing }: OwnListProps): JSX.Element | null {
  const mine = feed.mine.value;
  if (!mine.length) return null;
  return (
    <section aria-label={t("Your questions")}>
      <h3 class="govuk-heading-s">{t("Your questions")}</h3>
      <ul class="govuk-list">
        {mine.map((question) => <Own key={question.id} feed={feed} question={question} editing={editing} />)}
      </ul>
    </section>
  );
}

function Own({ feed, question, editing }: OwnListProps & { question: OwnQuestion }): JSX.Element {
  const row = useRef<HTMLLIElement>(null);
  const takeBack = (): void => void feed.connection.command("question.withdraw", { question_id: question.id });
  const close = (): void => {
    editing.value = null;
    // The button is drawn again after this; where there is none any more, the question itself.
    requestAnimationFrame(() => (row.current?.querySelector<HTMLElement>(".mh-own__change") ?? row.current)?.focus());
  };
  return (
    <li class="mh-own" data-state={question.state} ref={row} tabIndex={-1}>
      <span class="mh-own__text">{question.text}</span>
      <span class="mh-own__state" role="status">{ownStateWords(question)}</span>
      {question.answer && <p class={`mh-answer ${question.answered_how === "private" ? "mh-answer--private" : ""}`}>{question.answer}</p>}
      {editing.value === question.id
        ? <OwnEditor feed={feed} question={question} close={close} />
        : <Ways question={question} takeBack={takeBack} change={question.may_edit && editing.value === null && !feed.removed.value ? () => (editing.value = question.id) : null} />}
    </li>
  );
}

interface WaysProps {
  question: OwnQuestion;
  takeBack: () => void;
  change: (() => void) | null;
}

function Ways({ question, takeBack, change }: WaysProps): JSX.Element | null {
  if (!change && !question.may_withdraw) return null;
  const which = <span class="govuk-visually-hidden">: {question.text}</span>;
  return (
    <span class="mh-own__ways">
      {change && <button type="button" class="mh-link-button mh-own__change" onClick={change}>{t("Change it")}{which}</button>}
      {question.may_withdraw && <button type="button" class="mh-link-button" onClick={takeBack}>{t("Take it back")}{which}</button>}
    </span>
  );
}
