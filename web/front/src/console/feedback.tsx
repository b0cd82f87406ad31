/** What those who watched thought of a webinar, when it is over. */

import type { JSX } from "preact";
import { t, tn } from "../shared/i18n";
import type { FeedbackView } from "../shared/wire";

export function feedbackWords({ people, mean }: FeedbackView): string {
  if (mean === null) return t("Nobody has given feedback yet.");
  return `${t("{mean} of 5", { mean })} · ${tn("from {n} person", "from {n} people", people)}`;
}

export function Feedback({ feedback, meeting }: { feedback: FeedbackView; meeting: string }): JSX.Element {
  return (
    <>
      <p class="mc-none"><strong>{t("Feedback")}:</strong> {feedbackWords(feedback)}</p>
      <ul class="mc-rows mc-rows--short">{feedback.texts.map((text, at) => <li key={at} class="mc-row">{text}</li>)}</ul>
      <p class="mc-none">
        <a href={`/console/meetings/${meeting}/feedback.csv`} download>{t("Feedback as a table")}</a>{" · "}
        <a href={`/console/meetings/${meeting}/feedback.json`} download>{t("Feedback as JSON")}</a>
      </p>
    </>
  );
}
