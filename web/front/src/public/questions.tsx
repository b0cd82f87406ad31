/** Questions: the server's form sends without a reload, the list follows, votes count, and one's own are shown. */

import { effect, signal, type Signal } from "@preact/signals";
import { render, type JSX } from "preact";
import { announce } from "../shared/announcer";
import { randomId, read, write } from "../shared/device";
import { said, t, tn } from "../shared/i18n";
import type { Ack, OwnQuestion, QuestionView, WireError } from "../shared/wire";
import type { PublicFeed } from "./feed";
import { Outbox, type Draft } from "./outbox";
import { OwnList } from "./own";
import { QuestionList, type QuestionOrder } from "./question-list";

export interface QuestionOptions {
  feed: PublicFeed;
  ref: string;
  /** Where the form goes without a socket. */
  url: string;
  /** Where a question's answer is on the player's scale. */
  answer: (question: QuestionView) => number | null;
  /** Jump to the moment of an answer. */
  jump: ((seconds: number) => void) | null;
}

const FAILURE = "question-failure";

export class Questions {
  private readonly outbox: Outbox;
  private readonly voted = signal<Set<number>>(new Set());
  private readonly order = signal<QuestionOrder>("asked");
  private readonly failure = signal<string | null>(null);
  private readonly sending = signal(false);
  private readonly sent = signal(false);
  /** Seconds until the next question is taken. */
  private readonly wait = signal(0);
  /** One's own question that is being changed. */
  private readonly editing = signal<number | null>(null);
  private readonly form: HTMLFormElement | null;

  constructor(private readonly root: HTMLElement, private readonly options: QuestionOptions) {
    this.outbox = new Outbox(options.ref);
    this.form = root.querySelector("form:not(.question-list form)");
    this.voted.value = new Set((read(this.votesKey) ?? "").split(",").filter(Boolean).map(Number));
    if (this.form) this.takeForm(this.form);
    this.takeList();
    this.mountOwn();
  }

  /** Whether the reader is writing. */
  get typing(): boolean {
    return this.editing.peek() !== null || this.asking;
  }

  private get asking(): boolean {
    const text = this.field("text");
    return Boolean(text && text.value.trim());
  }

  private get votesKey(): string {
    return `moothall-votes-${this.options.ref}`;
  }

  private field(name: string): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | null {
    return this.form?.querySelector(`[name="${name}"]`) ?? null;
  }

  private takeForm(form: HTMLFormElement): void {
    const status = document.createElement("div");
    status.className = "question-status";
    form.append(status);
    render(<SendStatus failure={this.failure} sending={this.sending} sent={this.sent} wait={this.wait} />, status);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    form.addEventListener("input", () => {
      this.sent.value = false;
      if (this.wait.peek() === 0) this.failure.value = null;
    });
    const waiting = this.outbox.waiting;
    const text = this.field("text");
    if (text) effect(() => blame(text, this.failure.value !== null));
    if (waiting && text && !text.value) {
      text.value = waiting.text;
      const author = this.field("author");
      if (author && !author.value) author.value = waiting.author;
      void this.send(waiting);
    }
    effect(() => {
      const { snapshot, removed } = this.options.feed;
      form.hidden = removed.value !== "" || (!snapshot.signal.value.questions_open && !this.asking);
    });
    effect(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = this.sending.value || this.wait.value > 0;
    });
  }

  private async submit(): Promise<void> {
    const text = this.field("text")?.value.trim() ?? "";
    if (!text) {
      this.sent.value = false;
      this.failure.value = t("Write your question first.");
      this.field("text")?.focus();
      return;
    }
    const item = this.field("item_id")?.value;
    const held = this.outbox.waiting;
    const draft: Draft = {
      // The same words are the same question: pressing again after an error cannot ask twice.
      client_id: held?.text === text ? held.client_id : randomId(),
      text,
      author: this.field("author")?.value.trim() ?? "",
      item_id: item ? Number(item) : null,
    };
    this.outbox.keep(draft);
    await this.send(draft);
  }

  private async send(draft: Draft): Promise<void> {
    if (this.sending.value) return;
    this.sending.value = true;
    this.failure.value = null;
    const { client_id, ...payload } = draft;
    const { connection } = this.options.feed;
    let answer: Ack<{ question?: OwnQuestion }> = connection.connected.value
      ? await connection.command("question.submit", payload, 2, client_id)
      : { ok: false, error: { code: "no_answer", message: "" } };
    if (!answer.ok && answer.error.code === "no_answer") answer = await post(this.options.url, draft);
    this.sending.value = false;
    if (answer.ok) this.accepted(answer.question);
    else this.refused(answer.error);
  }

  private accepted(question: OwnQuestion | undefined): void {
    if (question) this.options.feed.addOwn(question);
    const text = this.field("text");
    if (text) {
      text.value = "";
      // govuk-frontend counts characters on input.
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.outbox.clear();
    this.sent.value = true;
  }

  private refused({ code, message, seconds }: WireError): void {
    this.failure.value = (said(message) ?? message) || t("Your question could not be sent. It is kept here: try again.");
    if (code !== "no_answer") this.outbox.clear();
    if (seconds) this.slowDown(seconds);
    this.field("text")?.focus();
  }

  /** What was written stays in the form; the button counts down. */
  private slowDown(seconds: number): void {
    this.wait.value = seconds;
    if (seconds > 0) setTimeout(() => this.slowDown(seconds - 1), 1000);
    else this.failure.value = null;
  }

  /** Instead of what the server wrote. */
  private takeList(): void {
    this.root.querySelector(".question-order")?.remove();
    const place = document.createElement("div");
    const written = this.root.querySelector("ul.question-list");
    if (written) written.replaceWith(place);
    else this.root.append(place);
    const { feed, answer, jump } = this.options;
    const vote = (question: QuestionView): void => void this.vote(question);
    render(<QuestionList feed={feed} order={this.order} answer={answer} jump={jump} hasVoted={(id) => this.hasVoted(id)} vote={vote} />, place);
  }

  private mountOwn(): void {
    const place = document.createElement("div");
    place.className = "own-questions";
    if (this.form) this.form.after(place);
    else this.root.append(place);
    render(<Own feed={this.options.feed} form={this.form !== null} editing={this.editing} />, place);
  }

  hasVoted(id: number): boolean {
    return this.voted.value.has(id);
  }

  async vote(question: QuestionView): Promise<void> {
    if (this.hasVoted(question.id)) return;
    this.voted.value = new Set([...this.voted.value, question.id]);
    const answer = await this.options.feed.connection.command<{ votes: number }>("question.vote", { question_id: question.id });
    if (answer.ok) {
      write(this.votesKey, [...this.voted.value].join(","));
      announce(tn("Your vote counts. {n} vote.", "Your vote counts. {n} votes.", answer.votes));
      return;
    }
    this.voted.value = new Set([...this.voted.value].filter((id) => id !== question.id));
    this.failure.value = said(answer.error.message) ?? answer.error.message;
  }
}

/** The sentence below the form is of this field, as screen readers know it then. */
function blame(field: HTMLElement, wrong: boolean): void {
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== FAILURE);
  field.setAttribute("aria-describedby", [...described, ...(wrong ? [FAILURE] : [])].join(" "));
  if (wrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

/** The form's own way. A redirect is what the server answers to a form that it took. */
async function post(url: string, draft: Draft): Promise<Ack<{ question?: OwnQuestion }>> {
  const body = new URLSearchParams({ ...draft, item_id: draft.item_id === null ? "" : String(draft.item_id) });
  try {
    const response = await fetch(url, { method: "POST", body, redirect: "manual" });
    if (response.ok || response.type === "opaqueredirect") return { ok: true };
    return { ok: false, error: { code: response.status < 500 ? "refused" : "no_answer", message: "" } };
  } catch {
    return { ok: false, error: { code: "no_answer", message: "" } };
  }
}

interface StatusProps {
  failure: { value: string | null };
  sending: { value: boolean };
  sent: { value: boolean };
  wait: { value: number };
}

function SendStatus({ failure, sending, sent, wait }: StatusProps): JSX.Element {
  return (
    <>
      <p role="alert" id={FAILURE} class="govuk-error-message">{failure.value}</p>
      {wait.value > 0 && <p class="govuk-body-s" aria-hidden="true">{tn("{n} second", "{n} seconds", wait.value)}</p>}
      <p role="status" class="govuk-body-s">
        {sending.value ? t("Sending…") : sent.value ? t("Sent. You can see below where it stands.") : ""}
      </p>
    </>
  );
}

/** The server gives the form only while questions are open; the page may be older than that. */
function Openness({ feed, form }: { feed: PublicFeed; form: boolean }): JSX.Element {
  const { questions_open: open, questions_frozen: frozen } = feed.snapshot.signal.value;
  const reason = feed.removed.value;
  if (reason) return <p role="status" class="govuk-body">{t("You can no longer ask or vote in this meeting. The reason: “{reason}”.", { reason })}</p>;
  return (
    <p role="status" class="govuk-body">
      {form && open && frozen && t("Questions are paused for the moment. What you write stays here.")}
      {form && !open && t("Questions are closed now.")}
      {!form && open && <a class="govuk-link" href={location.href}>{t("Questions are open now. Load the page again to ask one.")}</a>}
    </p>
  );
}

function Own({ feed, form, editing }: { feed: PublicFeed; form: boolean; editing: Signal<number | null> }): JSX.Element {
  return (
    <>
      <Openness feed={feed} form={form} />
      <OwnList feed={feed} editing={editing} />
    </>
  );
}
