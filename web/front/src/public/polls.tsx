/** Polls: the server's forms answer without a reload, and figures follow while officers show them. */

import { signal } from "@preact/signals";
import { render, type JSX } from "preact";
import { announce } from "../shared/announcer";
import { said, t, tn } from "../shared/i18n";
import type { Ack, PollView, PublicSnapshot } from "../shared/wire";
import type { PublicFeed } from "./feed";

export interface PollOptions {
  feed: PublicFeed;
  /** Where the forms go without a socket. */
  url: string;
  /** Polls that this device has answered, as the server knew when it made the page. */
  voted: readonly number[];
}

export class Polls {
  readonly voted = signal<ReadonlySet<number>>(new Set());
  /** What was wrong with an answer, by poll. */
  readonly trouble = signal<Readonly<Record<number, string>>>({});
  readonly flying = signal<number | null>(null);

  constructor(private readonly root: HTMLElement, private readonly options: PollOptions) {
    this.voted.value = new Set(options.voted);
    const list = root.querySelector(".poll-list") ?? root;
    list.replaceChildren();
    render(<Rows polls={this} feed={options.feed} />, list);
  }

  update(snapshot: PublicSnapshot): void {
    this.root.hidden = !snapshot.polls?.length;
  }

  async vote(poll: PollView, choices: readonly number[]): Promise<void> {
    if (this.flying.peek() !== null) return;
    this.flying.value = poll.id;
    const { connection } = this.options.feed;
    let answer: Ack = connection.connected.peek()
      ? await connection.command("poll.vote", { poll_id: poll.id, choices })
      : { ok: false, error: { code: "no_answer", message: "" } };
    if (!answer.ok && answer.error.code === "no_answer") answer = await post(`${this.options.url}/${poll.id}/vote`, choices);
    this.flying.value = null;
    if (answer.ok) {
      this.voted.value = new Set([...this.voted.peek(), poll.id]);
      this.trouble.value = { ...this.trouble.peek(), [poll.id]: "" };
      announce(t("You have voted."));
      return;
    }
    const words = said(answer.error.message) ?? answer.error.message;
    this.trouble.value = { ...this.trouble.peek(), [poll.id]: words || t("Your vote could not be sent. Try again.") };
  }
}

/** The form's own way. A redirect is what the server answers to a form that it took. */
async function post(url: string, choices: readonly number[]): Promise<Ack> {
  const body = new URLSearchParams(choices.map((choice) => ["choice", String(choice)]));
  try {
    const response = await fetch(url, { method: "POST", body, redirect: "manual" });
    if (response.ok || response.type === "opaqueredirect") return { ok: true };
    return { ok: false, error: { code: "refused", message: "" } };
  } catch (error) {
    console.info("a vote could not be sent", error);
    return { ok: false, error: { code: "no_answer", message: "" } };
  }
}

function Rows({ polls, feed }: { polls: Polls; feed: PublicFeed }): JSX.Element {
  const { polls: rows = [], questions_frozen: frozen } = feed.snapshot.signal.value;
  const shut = Boolean(frozen) || feed.removed.value !== "";
  return <>{rows.map((poll) => <Row key={poll.id} poll={poll} polls={polls} shut={shut} />)}</>;
}

function Row({ poll, polls, shut }: { poll: PollView; polls: Polls; shut: boolean }): JSX.Element {
  const voted = polls.voted.value.has(poll.id);
  const open = poll.state === "open" && !voted;
  return (
    <li class="poll" id={`poll-${poll.id}`} data-poll-id={poll.id}>
      {open ? <Form poll={poll} polls={polls} shut={shut} /> : <h3 class="govuk-heading-s">{poll.text}</h3>}
      {voted && <p class="govuk-body">{t("You have voted.")}</p>}
      {poll.figures && <Figures poll={poll} />}
    </li>
  );
}

function Form({ poll, polls, shut }: { poll: PollView; polls: Polls; shut: boolean }): JSX.Element {
  const trouble = polls.trouble.value[poll.id];
  const sort = poll.kind === "multiple" ? "checkboxes" : "radios";
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    void polls.vote(poll, new FormData(form).getAll("choice").map(Number));
  };
  return (
    <form onSubmit={submit}>
      <div class={`govuk-form-group ${trouble ? "govuk-form-group--error" : ""}`}>
        <fieldset class="govuk-fieldset" aria-describedby={trouble ? `poll-${poll.id}-error` : undefined}>
          <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{poll.text}</legend>
          {poll.kind === "multiple" && <p class="govuk-hint">{t("Choose all that apply.")}</p>}
          {trouble && <p class="govuk-error-message" id={`poll-${poll.id}-error`} role="alert">{trouble}</p>}
          <div class={`govuk-${sort} govuk-${sort}--small ${poll.kind === "scale" ? "govuk-radios--inline" : ""}`}>
            {poll.options.map((option, at) => (
              <div key={option} class={`govuk-${sort}__item`}>
                <input
                  class={`govuk-${sort}__input`} id={`poll-${poll.id}-${at + 1}`} name="choice"
                  type={poll.kind === "multiple" ? "checkbox" : "radio"} value={at + 1}
                />
                <label class={`govuk-label govuk-${sort}__label`} for={`poll-${poll.id}-${at + 1}`}>{option}</label>
              </div>
            ))}
          </div>
        </fieldset>
      </div>
      <button class="govuk-button govuk-button--secondary" type="submit" disabled={shut || polls.flying.value === poll.id}>
        {t("Vote")}<span class="govuk-visually-hidden">: {poll.text}</span>
      </button>
    </form>
  );
}

export function Figures({ poll }: { poll: PollView }): JSX.Element | null {
  const { figures } = poll;
  if (!figures) return null;
  return (
    <>
      <ul class="govuk-list poll-figures">
        {poll.options.map((option, at) => (
          <li key={option}>
            <span class="poll-option">{option}</span>{" "}
            <span class="poll-count">{tn("{n} vote", "{n} votes", figures.counts[at] ?? 0)}</span>
            <progress aria-hidden="true" max={figures.people || 1} value={figures.counts[at] ?? 0} />
          </li>
        ))}
      </ul>
      <p class="govuk-body-s">
        {tn("{n} person has answered.", "{n} people have answered.", figures.people)}{" "}
        {figures.mean != null && t("On average: {mean}", { mean: figures.mean })}
      </p>
    </>
  );
}
