/** What is read from the back of the room, on a screen that nobody touches. */

import type { JSX } from "preact";
import type { Desk } from "../console/desk";
import { pointWords } from "../console/point-of-order";
import { isOver, publicSees, publicWord, wordText } from "../console/public-state";
import { inOrder, isInvited, isPutOff } from "../console/queue";
import { tick } from "../shared/clock";
import { clockText, clockWords, secondsLeft, urgency } from "../shared/countdown";
import { itemNumber } from "../shared/format";
import { t } from "../shared/i18n";
import type { PublicSnapshot, SpeakerRow, StaffSnapshot } from "../shared/wire";

const NEXT = 3;

/** The first of those who are there and wait, as they would be called; nobody once the meeting is over. */
export function nextUp(staff: StaffSnapshot): SpeakerRow[] {
  if (isOver(staff.public.state)) return [];
  const waiting = staff.speakers.filter((row) => !isInvited(row) && (row.state === "called" || row.state === "checked_in") && !isPutOff(row, staff.public.agenda));
  return inOrder(waiting, staff.public).slice(0, NEXT);
}

export function Display({ desk }: { desk: Desk }): JSX.Element {
  const staff = desk.staff.value;
  const speaking = inOrder(staff.speakers.filter((row) => !isInvited(row) && row.state === "on_air"), staff.public);
  return (
    <div class="md" data-word={publicWord(staff.public, desk.engine.value)}>
      <Sees desk={desk} />
      <Now meeting={staff.public} />
      <Point staff={staff} />
      {speaking.map((row) => <Speaking key={row.id} desk={desk} row={row} />)}
      {!speaking.length && staff.public.chamber && <p class="md-name">{staff.public.chamber}</p>}
      <Next rows={nextUp(staff)} />
      {desk.begun.value && !desk.connection.connected.value && <p class="md-away" role="status">{t("The display is not connected and may be out of date.")}</p>}
    </div>
  );
}

export function Sees({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const engine = desk.engine.value;
  const rehearsal = desk.staff.value.rehearsal ?? false;
  return <p class="md-sees" role="status"><strong>{wordText(publicWord(meeting, engine), rehearsal)}</strong> {publicSees(meeting, engine, rehearsal)}</p>;
}

export function Now({ meeting }: { meeting: PublicSnapshot }): JSX.Element {
  const item = meeting.agenda.find((candidate) => candidate.id === meeting.now_item_id);
  if (!item) return <h1 class="md-item">{meeting.title}</h1>;
  return <h1 class="md-item"><span class="md-item__number">{t("Item {number}", { number: itemNumber(item) })}</span> {item.title}</h1>;
}

/** It comes before whoever speaks. The region is there before the words, so that they are announced. */
export function Point({ staff }: { staff: StaffSnapshot }): JSX.Element {
  const point = staff.point_of_order;
  return <div class="md-point" role="alert" data-heard={Boolean(point)}>{point && <p>{pointWords(point)}</p>}</div>;
}

export function Speaking({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element {
  tick();
  const now = desk.clock.now();
  const left = row.timer ? secondsLeft(row.timer, now) : null;
  return (
    <section class="md-speaking" aria-label={t("Speaking now: {name}", { name: row.name })}>
      <p class="md-name">{row.name}</p>
      {row.timer && left !== null && (
        <p class="md-timer" role="timer" data-urgency={urgency(row.timer, now)}>
          <span aria-hidden="true">{clockText(left)}</span>
          <span class="govuk-visually-hidden">{left >= 0 ? t("{time} left", { time: clockWords(left) }) : t("Time is up")}</span>
        </p>
      )}
    </section>
  );
}

function Next({ rows }: { rows: readonly SpeakerRow[] }): JSX.Element | null {
  if (!rows.length) return null;
  return (
    <section class="md-next" aria-labelledby="md-next">
      <h2 id="md-next">{t("Next")}</h2>
      <ol>{rows.map((row) => <li key={row.id}>{row.name}</li>)}</ol>
    </section>
  );
}
