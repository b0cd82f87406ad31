/** Polls of a webinar: made, opened, closed, and shown or hidden again. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t, tn } from "../shared/i18n";
import type { PollView, StaffPoll } from "../shared/wire";
import type { Desk } from "./desk";
import { CloseButton, CommandButton, Dialog, PressButton, Trouble } from "./parts";

type Kind = PollView["kind"];

/** Options as they are typed, one a line. */
export function parseOptions(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

export function pollWord(poll: StaffPoll): string {
  if (poll.state === "draft") return t("Draft");
  if (poll.state === "open") return poll.shown ? t("Open, figures public") : t("Open");
  return poll.shown ? t("Closed, figures public") : t("Closed");
}

/** "Time 3, Money 0; on average 4.2" */
export function figuresWords({ options, figures, kind }: StaffPoll): string {
  const each = options.map((option, at) => `${option} ${figures.counts[at] ?? 0}`).join(" · ");
  return kind === "scale" && figures.mean != null ? `${each} · ${t("on average {mean}", { mean: figures.mean })}` : each;
}

export function Steps({ desk, poll }: { desk: Desk; poll: StaffPoll }): JSX.Element {
  const payload = { poll_id: poll.id };
  return (
    <>
      {poll.state === "draft" && <CommandButton desk={desk} name="poll.open" payload={payload} tone="primary">{t("Open the poll")}</CommandButton>}
      {poll.state === "draft" && <CommandButton desk={desk} name="poll.discard" payload={payload}>{t("Discard")}</CommandButton>}
      {poll.state === "open" && <CommandButton desk={desk} name="poll.close" payload={payload}>{t("Close the poll")}</CommandButton>}
      {poll.state !== "draft" && (poll.shown
        ? <CommandButton desk={desk} name="poll.hide" payload={payload}>{t("Hide figures")}</CommandButton>
        : <CommandButton desk={desk} name="poll.show" payload={payload} tone="good">{t("Show figures")}</CommandButton>)}
    </>
  );
}

export function PollRow({ desk, poll }: { desk: Desk; poll: StaffPoll }): JSX.Element {
  return (
    <li class="mc-row" data-state={poll.state} data-poll-id={poll.id}>
      <div class="mc-row__who">
        <strong>{poll.text}</strong>
        <span class="mc-row__about">{figuresWords(poll)} · {tn("{n} has answered", "{n} have answered", poll.figures.people)}</span>
      </div>
      <span class="mc-row__state">{pollWord(poll)}</span>
      <div class="mc-row__do"><Steps desk={desk} poll={poll} /></div>
    </li>
  );
}

export function PollsDialog({ desk }: { desk: Desk }): JSX.Element {
  const polls = desk.staff.value.polls ?? [];
  return (
    <Dialog desk={desk} title={t("Polls")}>
      {polls.length > 0 && <ul class="mc-rows mc-rows--short">{polls.map((poll) => <PollRow key={poll.id} desk={desk} poll={poll} />)}</ul>}
      <NewPoll desk={desk} />
      <p>
        <a href={`/console/meetings/${desk.page.ref}/polls.csv`} download>{t("Polls as a table")}</a>{" · "}
        <a href={`/console/meetings/${desk.page.ref}/polls.json`} download>{t("Polls as JSON")}</a>
      </p>
      <div class="mc-dialog__buttons"><CloseButton desk={desk}>{t("Close")}</CloseButton></div>
    </Dialog>
  );
}

function NewPoll({ desk }: { desk: Desk }): JSX.Element {
  const text = useSignal("");
  const kind = useSignal<Kind>("single");
  const options = useSignal("");
  const top = useSignal(5);
  const kinds: [Kind, string][] = [["single", t("One answer")], ["multiple", t("Several answers")], ["scale", t("A scale")]];
  const named = parseOptions(options.value);
  const ready = text.value.trim() && (kind.value === "scale" || named.length > 1);
  const create = async (open: boolean): Promise<void> => {
    const payload = kind.value === "scale" ? { top: top.value } : { options: named };
    const made = await desk.run<{ poll_id: number }>("poll.create", { text: text.value.trim(), kind: kind.value, ...payload });
    if (!made) return;
    text.value = options.value = "";
    if (open) await desk.run("poll.open", { poll_id: made.poll_id });
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (ready) void create(false); }}>
      <h3 class="mc-subhead">{t("New poll")}</h3>
      <label class="mc-field">
        <span>{t("Question")}</span>
        <input type="text" maxLength={200} autofocus value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <fieldset class="mc-field mc-kinds">
        <legend>{t("Answers")}</legend>
        {kinds.map(([value, words]) => (
          <label key={value}><input type="radio" name="kind" checked={kind.value === value} onChange={() => (kind.value = value)} /> <span>{words}</span></label>
        ))}
      </fieldset>
      {kind.value === "scale" ? (
        <label class="mc-field">
          <span>{t("The scale goes from 1 to")}</span>
          <select value={top.value} onChange={(event) => (top.value = Number(event.currentTarget.value))}>
            <option value={5}>5</option>
            <option value={10}>10</option>
          </select>
        </label>
      ) : (
        <label class="mc-field">
          <span>{t("Options, one on each line, two to ten")}</span>
          <textarea rows={4} value={options.value} onInput={(event) => (options.value = event.currentTarget.value)} />
        </label>
      )}
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <button type="submit" class="mc-button mc-button--plain" disabled={!ready || desk.isFlying("poll.create")}>{t("Keep as a draft")}</button>
        <PressButton tone="primary" disabled={!ready || desk.isFlying("poll.create")} onClick={() => void create(true)}>{t("Open now")}</PressButton>
      </div>
    </form>
  );
}
