/** The words of one's own question, to be changed where they stand. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { announce } from "../shared/announcer";
import { randomId } from "../shared/device";
import { said, t, tn } from "../shared/i18n";
import type { OwnQuestion } from "../shared/wire";
import type { PublicFeed } from "./feed";

const AT_MOST = 500;

interface EditorProps {
  feed: PublicFeed;
  question: OwnQuestion;
  close: () => void;
}

/** What is typed stays until it is saved or given up, whatever becomes of the question meanwhile. */
export function OwnEditor({ feed, question, close }: EditorProps): JSX.Element {
  const text = useSignal(question.text);
  const author = useSignal(question.author ?? "");
  const failure = useSignal("");
  const sending = useSignal(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const sent = useRef({ id: "", words: "" });
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(text.peek().length, text.peek().length);
  }, []);

  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (sending.peek()) return;
    const change = { text: text.peek().trim(), author: author.peek().trim() };
    const words = JSON.stringify(change);
    // The same words are the same change: pressing again after no answer cannot make it twice.
    if (sent.current.words !== words) sent.current = { id: randomId(), words };
    sending.value = true;
    failure.value = "";
    const answer = await feed.connection.command<{ question: OwnQuestion }>("question.edit", { question_id: question.id, ...change }, 2, sent.current.id);
    sending.value = false;
    if (answer.ok) {
      feed.changeOwn(answer.question);
      announce(t("Your question was changed."));
      close();
      return;
    }
    failure.value = said(answer.error.message) ?? answer.error.message;
    field.current?.focus();
  };

  const write = (words: string): void => {
    text.value = words;
    failure.value = "";
  };
  const wrong = failure.value !== "";
  return (
    <form class="mh-own__editor" onSubmit={(event) => void save(event)} noValidate>
      <div class={`govuk-form-group ${wrong ? "govuk-form-group--error" : ""}`}>
        <label class="govuk-label" for="own-edit-text">{t("Your question")}</label>
        <p class="govuk-error-message" id="own-edit-error" role="alert">{failure.value}</p>
        <textarea
          class="govuk-textarea" id="own-edit-text" rows={3} ref={field} aria-describedby="own-edit-error own-edit-left" aria-invalid={wrong}
          value={text.value} onInput={(event) => write(event.currentTarget.value)}
        />
        <Left of={text.value.trim().length} />
      </div>
      <div class="govuk-form-group">
        <label class="govuk-label" for="own-edit-author">{t("Your name (you may leave it empty)")}</label>
        <input
          class="govuk-input govuk-input--width-20" id="own-edit-author" type="text" autocomplete="name"
          value={author.value} onInput={(event) => (author.value = event.currentTarget.value)}
        />
      </div>
      <div class="govuk-button-group">
        <button type="submit" class="govuk-button govuk-button--secondary" disabled={sending.value}>{t("Save the change")}</button>
        <button type="button" class="mh-link-button" onClick={close}>{t("Leave it as it was")}</button>
      </div>
    </form>
  );
}

function Left({ of }: { of: number }): JSX.Element {
  const left = AT_MOST - of;
  const words = left < 0
    ? tn("You have {n} character too many", "You have {n} characters too many", -left)
    : tn("You have {n} character remaining", "You have {n} characters remaining", left);
  return <p class={`govuk-character-count__message ${left < 0 ? "govuk-error-message" : "govuk-hint"}`} id="own-edit-left">{words}</p>;
}
