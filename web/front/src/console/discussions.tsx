/** Discussions before the meeting: opened, read and summed up in one dialog. */

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { shortDay, timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { StaffPost, StaffTopic } from "../shared/wire";
import type { Desk } from "./desk";
import { letter } from "./keys";
import { CloseButton, CommandButton, CopyField, Dialog, PressButton, Trouble } from "./parts";
import { aboutPost, keepPostHand, Posts } from "./posts";

/** The post whose link is to be copied. */
interface Shown {
  post: number;
  token: string;
}

export function DiscussionsDialog({ desk }: { desk: Desk }): JSX.Element {
  const topics = desk.staff.value.discussions ?? [];
  const chosen = useSignal(firstToRead(topics)?.topic.id ?? 0);
  const topic = topics.find((one) => one.topic.id === chosen.value);
  const base = `/console/meetings/${desk.page.ref}`;
  useEffect(() => () => keepPostHand(desk, null), []);
  return (
    <Dialog desk={desk} title={t("Discussions before the meeting")}>
      <label class="mc-field">
        <span>{t("Which discussion?")}</span>
        <select value={chosen.value} onChange={(event) => (chosen.value = Number(event.currentTarget.value))}>
          {topics.map((one) => <option key={one.topic.id} value={one.topic.id}>{one.topic.title} ({waiting(one).length})</option>)}
          <option value={0}>{t("Open a new one")}</option>
        </select>
      </label>
      {topic ? <Topic key={topic.topic.id} desk={desk} staff={topic} /> : <OpenTopic desk={desk} onOpened={(id) => (chosen.value = id)} />}
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <a href={`${base}/discussion.csv`} download>{t("Posts (CSV)")}</a>
        <a href={`${base}/discussion-log.csv`} download>{t("Moderation log (CSV)")}</a>
        <a href={`${base}/discussion.json`} download>{t("All of it (JSON)")}</a>
        <CloseButton desk={desk}>{t("Close")}</CloseButton>
      </div>
    </Dialog>
  );
}

/** What officers have to read of a discussion. */
export function waiting(staff: StaffTopic): StaffPost[] {
  return staff.posts.filter((post) => post.state === "pending");
}

export function firstToRead(topics: readonly StaffTopic[]): StaffTopic | undefined {
  return topics.find((one) => waiting(one).length > 0) ?? topics[0];
}

/** `2026-11-25T17:00` as the clocks of the chamber show it, for a field of the browser. */
export function wallTime(ms: number): string {
  const parts = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: "Europe/London" }).format(ms);
  return parts.replace(" ", "T");
}

function Closes({ value, max }: { value: Signal<string>; max: number }): JSX.Element {
  return (
    <label class="mc-field">
      <span>{t("Open until (time of the council)")}</span>
      <input type="datetime-local" value={value.value} max={wallTime(max)} onInput={(event) => (value.value = event.currentTarget.value)} />
    </label>
  );
}

function OpenTopic({ desk, onOpened }: { desk: Desk; onOpened: (id: number) => void }): JSX.Element {
  const meeting = desk.meeting.value;
  const taken = new Set((desk.staff.value.discussions ?? []).map((one) => one.topic.item_id));
  const items = meeting.agenda.filter((item) => !item.heading && !item.restricted && !taken.has(item.id));
  const item = useSignal(items[0]?.id ?? 0);
  const title = useSignal(items[0]?.title ?? "");
  const introduction = useSignal("");
  const closes = useSignal(wallTime(meeting.starts_ms));
  const choose = (id: number): void => {
    item.value = id;
    title.value = items.find((one) => one.id === id)?.title ?? "";
  };
  const open = async (): Promise<void> => {
    const payload = { item_id: item.value, title: title.value, introduction: introduction.value, closes: closes.value };
    const answer = await desk.run<{ topic_id: number }>("discussion.open", payload);
    if (answer) onOpened(answer.topic_id);
  };
  const unwritten = !title.value.trim() || !introduction.value.trim();
  if (desk.clock.now() >= meeting.starts_ms) return <p>{t("The meeting has started: a discussion is opened before.")}</p>;
  if (!items.length) return <p>{t("There is no item on which a discussion could be opened.")}</p>;
  return (
    <>
      <p>{t("Residents write on the meeting’s page until then. Nobody reads a post before an officer has approved it.")}</p>
      <label class="mc-field">
        <span>{t("On which item?")}</span>
        <select value={item.value} onChange={(event) => choose(Number(event.currentTarget.value))}>
          {items.map((one) => <option key={one.id} value={one.id}>{one.number} {one.title}</option>)}
        </select>
      </label>
      <label class="mc-field">
        <span>{t("Title")}</span>
        <input type="text" maxLength={120} value={title.value} onInput={(event) => (title.value = event.currentTarget.value)} />
      </label>
      <label class="mc-field">
        <span>{t("Introduction: what should people say something about?")}</span>
        <textarea rows={3} maxLength={2000} value={introduction.value} onInput={(event) => (introduction.value = event.currentTarget.value)} />
      </label>
      <Closes value={closes} max={meeting.starts_ms} />
      <div class="mc-stack">
        <PressButton tone="primary" disabled={desk.isFlying(`discussion.open:${item.value}`)} missing={unwritten && t("Write a title and an introduction first.")} onClick={() => void open()}>
          {t("Open the discussion")}
        </PressButton>
      </div>
    </>
  );
}

function Topic({ desk, staff }: { desk: Desk; staff: StaffTopic }): JSX.Element {
  const { topic } = staff;
  const shown = useSignal<Shown | null>(null);
  const payload = { topic_id: topic.id };
  const over = topic.state !== "open" || desk.clock.now() >= topic.closes_ms;
  const copy = async (post: StaffPost): Promise<void> => {
    const answer = await desk.run<{ token: string }>("post.link", aboutPost(post));
    if (answer) shown.value = { post: post.id, token: answer.token };
  };
  const link = shown.value && new URL(`/address/${shown.value.token}`, location.href).href;
  return (
    <>
      <p>
        {over ? t("Closed.") : t("Open until {time} on {day}.", { time: timeOfDay(topic.closes_ms), day: shortDay(topic.closes_ms) })} {t("Opened by {name}.", { name: staff.opened_by })}
      </p>
      {link && <CopyField label={t("Link to confirm with, for their address")} value={link} />}
      <Posts desk={desk} staff={staff} onCopy={(post) => void copy(post)} />
      {over ? <Summary desk={desk} staff={staff} /> : <CommandButton desk={desk} name="discussion.close" payload={payload}>{t("Close it now")}</CommandButton>}
    </>
  );
}

function Summary({ desk, staff }: { desk: Desk; staff: StaffTopic }): JSX.Element {
  const { topic } = staff;
  const text = useSignal(topic.summary);
  const closes = useSignal(wallTime(desk.meeting.value.starts_ms));
  const missing = !text.value.trim() ? t("Write the summary first.") : text.value.trim() === topic.summary && t("Nothing is changed yet.");
  const early = topic.state !== "summarised" && desk.clock.now() < desk.meeting.value.starts_ms;
  return (
    <>
      <label class="mc-field">
        <span>{t("Summary, which stays on the meeting’s page")}</span>
        <textarea rows={4} maxLength={4000} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <div class="mc-stack">
        <CommandButton desk={desk} name="discussion.summarise" payload={{ topic_id: topic.id, text: text.value }} tone="primary" missing={missing}>
          {topic.summary ? t("Change the summary") : t("Publish the summary")}
        </CommandButton>
      </div>
      {early && (
        <details>
          <summary>{t("Open it again")}</summary>
          <Closes value={closes} max={desk.meeting.value.starts_ms} />
          <CommandButton desk={desk} name="discussion.reopen" payload={{ topic_id: topic.id, closes: closes.value }}>{t("Open it again")}</CommandButton>
        </details>
      )}
    </>
  );
}

/** Nothing to press once the meeting has begun without one. */
export function DiscussionsButton({ desk }: { desk: Desk }): JSX.Element | null {
  const topics = desk.staff.value.discussions ?? [];
  if (!topics.length && desk.meeting.value.state !== "scheduled") return null;
  const unread = topics.reduce((sum, one) => sum + waiting(one).length, 0);
  return (
    <PressButton shortcut={letter("discussions")} onClick={() => (desk.dialog.value = { name: "discussions" })}>
      {unread ? t("Discussion ({n})", { n: unread }) : t("Discussion")}
    </PressButton>
  );
}
