/** What is wrong now: a sentence each, and the button that mends it, where one can. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { Alarm } from "../shared/wire";
import type { Desk, OpenDialog } from "./desk";
import { Handover, dutyWords, onDuty } from "./duty";
import { isOf } from "./feed-words";
import { HearingAlarm } from "./hearing";
import { Needs } from "./needs";
import { disagreement, publicSees } from "./public-state";

export interface Mend {
  words: string;
  opens: OpenDialog;
}

/** What can be done at the console. What comes back by itself, or needs somebody at the machine, has no button. */
export function mends(desk: Desk, alarm: Alarm): Mend[] {
  switch (alarm.code) {
    case "technical": return [RETURN()];
    case "silent": return [details(desk, alarm.source), addresses(), slate()];
    case "feed_refused": return [details(desk, alarm.source), addresses()];
    case "feed_stalled": return alarm.source === "chamber" ? [details(desk, alarm.source), slate()] : [details(desk, alarm.source)];
    case "key_pictures_rare":
    case "distorted":
    case "one_channel": return [details(desk, alarm.source)];
    case "ingest_away": return [slate()];
    default: return [];
  }
}

const RETURN = (): Mend => ({ words: t("Return to public…"), opens: { name: "return" } });
const addresses = (): Mend => ({ words: t("Encoder addresses"), opens: { name: "feeds" } });
const slate = (): Mend => ({ words: t("Show a slate…"), opens: { name: "technical" } });

/** Of a resident who speaks, who they are and how to reach them; of any other source, how it arrives. */
function details(desk: Desk, source: string): Mend {
  const row = desk.staff.value.speakers.find((candidate) => isOf(candidate, source));
  return row
    ? { words: t("Details of {name}", { name: row.name }), opens: { name: "speaker", id: row.id } }
    : { words: t("Details of the feed"), opens: { name: "feed", text: source } };
}

export function Alarms({ desk }: { desk: Desk }): JSX.Element {
  const staff = desk.staff.value;
  const me = desk.page.me.id;
  const mine = onDuty(staff, me);
  const waits = staff.speakers.some((row) => row.help_reason || row.unread) || Boolean(desk.engine.value?.alarms.length);
  const trouble = desk.trouble.value;
  const notice = desk.notice.value;
  const refused = desk.connection.refused.value;
  const alone = desk.begun.value && !desk.connection.connected.value;
  return (
    <div class="mc-alarms" role={mine ? "alert" : "status"}>
      <Handover desk={desk} />
      {refused && <p class="mc-alarm"><span>{refused.message}</span><Reload /></p>}
      {alone && !refused && <p class="mc-alarm">{t("The console has lost the meeting server and is reconnecting. What you see may be old; CUT and all commands are tried another way.")}</p>}
      <Disagreement desk={desk} />
      <HearingAlarm desk={desk} />
      {trouble && (
        <p class="mc-alarm mc-alarm--mine" role="alert">
          <span><strong>{trouble}</strong> {publicSees(desk.meeting.value, desk.engine.value, staff.rehearsal)}</span>
          <button type="button" onClick={() => (desk.trouble.value = null)}>{t("Understood")}</button>
        </p>
      )}
      {notice && (
        <p class="mc-alarm mc-alarm--mine">
          <span>{notice}</span>
          <button type="button" onClick={() => (desk.notice.value = null)}>{t("Understood")}</button>
        </p>
      )}
      {!mine && waits && <p class="mc-alarms__whose">{dutyWords(staff, me)} {t("They see to what follows.")}</p>}
      <Needs desk={desk} />
      {desk.engine.value?.alarms.map((alarm) => <Line key={`${alarm.code} ${alarm.source}`} desk={desk} alarm={alarm} />)}
    </div>
  );
}

function Line({ desk, alarm }: { desk: Desk; alarm: Alarm }): JSX.Element {
  return (
    <p class="mc-alarm" data-code={alarm.code}>
      <span>{alarm.sentence}</span>
      <Buttons desk={desk} mends={mends(desk, alarm)} />
    </p>
  );
}

function Buttons({ desk, mends }: { desk: Desk; mends: Mend[] }): JSX.Element | null {
  if (!mends.length) return null;
  return (
    <span class="mc-alarm__do">
      {mends.map(({ words, opens }) => <button key={words} type="button" onClick={() => (desk.dialog.value = opens)}>{words}</button>)}
    </span>
  );
}

function Disagreement({ desk }: { desk: Desk }): JSX.Element | null {
  const apart = disagreement(desk.meeting.value, desk.engine.value);
  if (!apart) return null;
  return (
    <p class="mc-alarm">
      <span>{apart}</span>
      {desk.meeting.value.state === "live"
        ? <Buttons desk={desk} mends={[RETURN()]} />
        : <button type="button" disabled={desk.isFlying("gate.cut")} onClick={() => void desk.cut()}>{t("CUT")}</button>}
    </p>
  );
}

/** Whoever is signed out is led to where they sign in. */
function Reload(): JSX.Element {
  return <button type="button" onClick={() => location.reload()}>{t("Reload")}</button>;
}
