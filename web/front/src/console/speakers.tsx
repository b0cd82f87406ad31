/** Who speaks: registered, ready, called, on air. One row, and on it only what is possible now. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { tick } from "../shared/clock";
import { clockText, secondsLeft, stands, urgency } from "../shared/countdown";
import { itemNumber } from "../shared/format";
import { t, tn } from "../shared/i18n";
import { putOffWords } from "../shared/timetable";
import type { FeedStatus, SpeakerRow } from "../shared/wire";
import { Admit, bringOnAir } from "./admit";
import type { Desk } from "./desk";
import { MUCH_LOST, isOf, lineWords } from "./feed-words";
import { Invited } from "./invited";
import { letter } from "./keys";
import { mailTrouble } from "./mail-words";
import { Move } from "./move";
import { Below, CommandButton, Panel, PressButton, SourceMeter } from "./parts";
import { PointHeard } from "./point-of-order";
import { PrivateSession } from "./private-session";
import { isOver } from "./public-state";
import { MOVABLE, inOrder, isInvited, nextStep, unconfirmed } from "./queue";
import { RaisedHands } from "./raised";
import { deviceWords, lostWords, stateWord } from "./speaker-words";
import { useSteady } from "./steady";
import { brief } from "./taking-part";

export function stepSpeaker(desk: Desk): void {
  const step = nextStep(desk.staff.peek().speakers.filter((row) => !isInvited(row)), desk.meeting.peek());
  if (!step || !desk.aimed("speaker", step.row.id)) return;
  if (step.command === "speaker.admit") void bringOnAir(desk, step.row);
  else void desk.run(step.command, { registration_id: step.row.id, seen: step.row.state });
}

export function Speakers({ desk }: { desk: Desk }): JSX.Element {
  const { speakers: everybody, public: meeting } = desk.staff.value;
  const speakers = everybody.filter((row) => !isInvited(row));
  const { rows, fresh, list } = useSteady(inOrder(speakers, meeting));
  const ready = rows.filter((row) => row.state === "checked_in").length;
  const step = nextStep(speakers, meeting);
  useEffect(() => desk.aims.speaker.see(step?.row.id ?? null));
  return (
    <Panel title={t("Speakers")} class="mc-speakers" aside={
      <>
        <span class="mc-count">{tn("{n} ready", "{n} ready", ready)}</span>
        {unconfirmed(speakers).length > 0 && <PressButton shortcut={letter("confirm")} onClick={() => (desk.dialog.value = { name: "confirm" })}>{t("Confirm…")}</PressButton>}
        <PressButton onClick={() => (desk.dialog.value = { name: "invite" })}>{t("Invite…")}</PressButton>
      </>
    }>
      <PointHeard desk={desk} />
      <RaisedHands desk={desk} />
      {!rows.length && <p class="mc-none">{t("Nobody has registered.")} <a href={desk.page.urls.register} target="_blank" rel="noopener">{t("Registration page")}</a></p>}
      <ul class="mc-rows" {...list}>
        {rows.map((row) => <Row key={row.id} desk={desk} row={row} shortcut={step?.row.id === row.id} />)}
      </ul>
      <Below fresh={fresh} />
      <Invited desk={desk} />
    </Panel>
  );
}

function Row({ desk, row, shortcut }: { desk: Desk; row: SpeakerRow; shortcut: boolean }): JSX.Element {
  const item = desk.meeting.value.agenda.find((candidate) => candidate.id === row.item_id);
  const feed = desk.engine.value?.studio?.feeds.find((candidate) => candidate.kind === "speaker" && isOf(row, candidate.source));
  return (
    <li class="mc-row" data-state={row.state} data-row={row.id} tabIndex={-1}>
      <div class="mc-row__who">
        <strong>{row.name}</strong>
        <span class="mc-row__about">
          {item ? t("Item {number}", { number: itemNumber(item) }) : t("No item")} · {clockText(row.seconds)}
          {item && putOffWords(item) && ` · ${putOffWords(item)}`}
          {row.by_phone && ` · ${t("on the telephone")}`}
          {brief(row).map((word) => ` · ${word}`)}
          {desk.page.mails && mailTrouble(row) && ` · ${mailTrouble(row)}`}
          {deviceWords(row) && !row.by_phone && ` · ${deviceWords(row)}`}
        </span>
      </div>
      <span class="mc-row__state">
        {row.timer && row.state === "on_air" ? <Left desk={desk} row={row} /> : stateWord(row.state)}
      </span>
      <button type="button" class="mc-more" title={t("Details of {name}", { name: row.name })} onClick={() => (desk.dialog.value = { name: "speaker", id: row.id })}>
        <span aria-hidden="true">⋯</span><span class="govuk-visually-hidden">{t("Details of {name}", { name: row.name })}</span>
      </button>
      <div class="mc-row__do"><Steps key={row.state} desk={desk} row={row} shortcut={shortcut} feed={feed} />{MOVABLE.includes(row.state) && !isOver(desk.meeting.value.state) && <Move desk={desk} row={row} />}</div>
    </li>
  );
}

function Left({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element | null {
  tick();
  if (!row.timer) return null;
  const now = desk.clock.now();
  return <span class="mc-left" role="timer" data-urgency={urgency(row.timer, now)}>{clockText(secondsLeft(row.timer, now))}</span>;
}

interface StepsProps {
  desk: Desk;
  row: SpeakerRow;
  shortcut: boolean;
  feed: FeedStatus | undefined;
}

function Steps({ desk, row, shortcut, feed }: StepsProps): JSX.Element | null {
  if (isOver(desk.meeting.value.state)) return null;
  const payload = { registration_id: row.id, seen: row.state };
  const key = shortcut ? { shortcut: letter("speaker") } : {};
  switch (row.state) {
    case "submitted":
    case "waiting_list":
      return (
        <>
          <CommandButton desk={desk} name="speaker.confirm" payload={payload} tone="primary">{t("Confirm")}</CommandButton>
          <CommandButton desk={desk} name="speaker.decline" payload={payload}>{t("Decline")}</CommandButton>
        </>
      );
    case "confirmed":
      return row.written
        ? <CommandButton desk={desk} name="speaker.read_out" payload={payload} tone="primary">{t("Read out")}</CommandButton>
        : (
          <>
            {row.mode === "phone" && <CommandButton desk={desk} name="speaker.by_phone" payload={{ registration_id: row.id, on: true }} tone="primary">{t("Is on the telephone")}</CommandButton>}
            <CommandButton desk={desk} name="speaker.miss" payload={payload}>{t("Absent")}</CommandButton>
          </>
        );
    case "checked_in":
      return (
        <>
          <CommandButton desk={desk} name="speaker.call" payload={payload} tone="primary" {...key}>{t("Call")}</CommandButton>
          <CommandButton desk={desk} name="speaker.miss" payload={payload}>{t("Absent")}</CommandButton>
        </>
      );
    case "called":
      return (
        <>
          <Admit desk={desk} row={row} {...key} />
          <CommandButton desk={desk} name="speaker.stand_back" payload={payload}>{t("Back")}</CommandButton>
          <PrivateSession desk={desk} row={row} />
          <Link desk={desk} feed={feed} row={row} />
        </>
      );
    case "on_air":
      return (
        <>
          <CommandButton desk={desk} name="speaker.finish" payload={payload} tone="danger" {...key}>{t("Take off")}</CommandButton>
          <CommandButton desk={desk} name="speaker.extend" payload={{ ...payload, seconds: 30 }}>{t("+30 s")}</CommandButton>
          {row.timer && (stands(row.timer)
            ? <CommandButton desk={desk} name="speaker.resume" payload={payload} tone="primary">{t("Go on")}</CommandButton>
            : <CommandButton desk={desk} name="speaker.pause" payload={payload}>{t("Pause")}</CommandButton>)}
          <PrivateSession desk={desk} row={row} />
          <Link desk={desk} feed={feed} row={row} />
        </>
      );
    default:
      return null;
  }
}

function Link({ desk, feed, row }: { desk: Desk; feed: FeedStatus | undefined; row: SpeakerRow }): JSX.Element {
  if (row.by_phone) return <span class="mc-row__link">{t("by the chamber’s telephone")}</span>;
  if (row.kept_until_ms) return <span class="mc-row__link" data-state="gone" role="status">{lostWords(row.kept_until_ms)}</span>;
  if (!feed) return <span class="mc-row__link" data-state="gone">{t("not connected yet")}</span>;
  return (
    <span class="mc-row__link" data-state={feed.state} title={[feed.sentence, lineWords(feed)].filter(Boolean).join(" ")}>
      {(feed.lost_percent ?? 0) >= MUCH_LOST && <strong class="mc-row__lossy">{t("{n} % lost", { n: feed.lost_percent ?? 0 })}</strong>}
      {feed.state === "live" ? <SourceMeter desk={desk} source={feed.source} level={feed.level_dbfs} label={feed.label} /> : feed.sentence}
    </span>
  );
}
