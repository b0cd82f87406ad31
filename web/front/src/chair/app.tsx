/** What the chair reads on a tablet: who speaks, how long still, who is next, and what the public have. Nothing to press. */

import type { JSX } from "preact";
import { nextItem } from "../console/agenda";
import type { Desk } from "../console/desk";
import { isOver, publicWord } from "../console/public-state";
import { inOrder, isInvited } from "../console/queue";
import { stateWord } from "../console/speaker-words";
import { brief } from "../console/taking-part";
import { Now, Point, Sees, Speaking, nextUp } from "../display/app";
import { clockText } from "../shared/countdown";
import { itemNumber } from "../shared/format";
import { t, tn } from "../shared/i18n";
import type { PublicSnapshot, SpeakerRow, StaffSnapshot } from "../shared/wire";

export function Chair({ desk }: { desk: Desk }): JSX.Element {
  const staff = desk.staff.value;
  const word = publicWord(staff.public, desk.engine.value);
  const speaking = inOrder(staff.speakers.filter((row) => !isInvited(row) && row.state === "on_air"), staff.public);
  return (
    <div class="md md--chair" data-word={word}>
      {word === "PRIVATE" && <p class="md-private" role="alert">{t("Private session. Do not go on in public before the officer says so.")}</p>}
      <Sees desk={desk} />
      <Now meeting={staff.public} />
      <Point staff={staff} />
      {speaking.map((row) => <Speaking key={row.id} desk={desk} row={row} />)}
      {!speaking.length && <p class="md-nobody">{t("Nobody is speaking from afar.")}</p>}
      <Aloud meeting={staff.public} />
      <Waiting staff={staff} />
      <Then meeting={staff.public} />
      {desk.begun.value && !desk.connection.connected.value && <p class="md-away" role="status">{t("This page is not connected and may be out of date.")}</p>}
    </div>
  );
}

/** The question that is being answered, to be read out. */
function Aloud({ meeting }: { meeting: PublicSnapshot }): JSX.Element | null {
  const question = meeting.questions.find((one) => one.state === "answering");
  if (!question) return null;
  return (
    <section class="md-aloud" aria-labelledby="md-aloud">
      <h2 id="md-aloud">{t("Question of {author}", { author: question.author || t("Anonymous") })}</h2>
      <p>{question.text}</p>
    </section>
  );
}

/** How many could come and are not here yet. */
export function notHere(staff: StaffSnapshot): number {
  if (isOver(staff.public.state)) return 0;
  return staff.speakers.filter((row) => !isInvited(row) && row.state === "confirmed" && !row.written).length;
}

function Waiting({ staff }: { staff: StaffSnapshot }): JSX.Element | null {
  const rows = nextUp(staff);
  const expected = notHere(staff);
  if (!rows.length && !expected) return null;
  return (
    <section class="md-next" aria-labelledby="md-next">
      <h2 id="md-next">{t("Next")}</h2>
      <ol>{rows.map((row) => <li key={row.id}><strong>{row.name}</strong> <span>{about(staff.public, row)}</span></li>)}</ol>
      {expected > 0 && <p>{tn("{n} speaker is expected and not here yet.", "{n} speakers are expected and not here yet.", expected)}</p>}
    </section>
  );
}

/** "Item 5 · 3:00 · against · Ready". */
function about(meeting: PublicSnapshot, row: SpeakerRow): string {
  const item = meeting.agenda.find((candidate) => candidate.id === row.item_id);
  return [...(item ? [t("Item {number}", { number: itemNumber(item) })] : []), clockText(row.seconds), ...brief(row), stateWord(row.state)].join(" · ");
}

function Then({ meeting }: { meeting: PublicSnapshot }): JSX.Element | null {
  const item = nextItem(meeting);
  return item && <p class="md-then">{t("Then item {number}", { number: itemNumber(item) })} {item.title}</p>;
}
