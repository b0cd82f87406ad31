/** The page of an interpreter, a signer or a presenter: a check, a waiting room, and the work itself. */

import type { JSX } from "preact";
import { timeOfDay, day } from "../shared/format";
import { t } from "../shared/i18n";
import { StreamVideo } from "../shared/stream-video";
import type { SpeakerSnapshot } from "../shared/wire";
import { BeforeAsking, Failure, MeterBar, Picker, TroubleBox } from "./check";
import { active, task, type InvitedPart } from "./parts";
import type { Room } from "./room";
import { LinkWords, Watching } from "./waiting";

export function InvitedStep({ room, part }: { room: Room; part: InvitedPart }): JSX.Element {
  const snapshot = room.snapshot.value;
  switch (snapshot.state) {
    case "on_air": return <Working room={room} part={part} />;
    case "checked_in": return <WaitingToBegin room={room} part={part} />;
    default: return <Preparing room={room} part={part} snapshot={snapshot} />;
  }
}

function Preparing({ room, part, snapshot }: { room: Room; part: InvitedPart; snapshot: SpeakerSnapshot }): JSX.Element {
  const ready = part === "presenter" || room.devices.ready.value;
  return (
    <section class="mh-step" aria-labelledby="task-title">
      <h2 id="task-title" class="govuk-heading-m">{t("What you do here")}</h2>
      <p class="govuk-body">{task(part)}</p>
      <p class="govuk-body">{t("The meeting begins on {day} at {time}. An officer brings you in; before that nobody sees or hears you.", { day: day(snapshot.starts_ms), time: timeOfDay(snapshot.starts_ms) })}</p>
      {part !== "presenter" && <div class="mh-own-device"><Own room={room} part={part} /></div>}
      {ready && (
        <button type="button" class="govuk-button mh-big" disabled={room.busy.value} onClick={() => void room.checkIn()}>{t("I am ready")}</button>
      )}
      <Failure room={room} />
    </section>
  );
}

function WaitingToBegin({ room, part }: { room: Room; part: InvitedPart }): JSX.Element {
  return (
    <section class="mh-step" aria-labelledby="wait-title">
      <div class="mh-place">
        <h2 id="wait-title" class="govuk-heading-l">{t("You are in the waiting room")}</h2>
        <p class="mh-place__words" role="status">{t("An officer will bring you in. Nobody sees or hears you yet. Stay on this page.")}</p>
      </div>
      <Both room={room} part={part} />
    </section>
  );
}

function Working({ room, part }: { room: Room; part: InvitedPart }): JSX.Element {
  const muted = room.devices.muted.value;
  return (
    <section class="mh-on-air" aria-labelledby="air-title">
      <div class="mh-on-air__banner">
        <h2 id="air-title" class="mh-on-air__title"><span class="mh-on-air__dot" aria-hidden="true" />{active(part)}</h2>
        {part === "interpreter" && (
          <button type="button" class="mh-mute" aria-pressed={muted} onClick={() => room.devices.setMuted(!muted)}>
            {muted ? t("Unmute myself") : t("Mute myself")}
          </button>
        )}
        <p class="mh-on-air__muted" role="status">{muted ? t("You are muted.") : ""}</p>
        {room.devices.stream.value && <LinkWords room={room} />}
      </div>
      <Both room={room} part={part} />
    </section>
  );
}

function Both({ room, part }: { room: Room; part: InvitedPart }): JSX.Element {
  const brought = room.snapshot.value.state === "on_air";
  return (
    <div class="mh-room">
      <div class="mh-room__programme">
        <h3 class="govuk-heading-s">{t("The meeting now")}</h3>
        <Watching room={room} small={false} />
        {brought && part !== "presenter" && <p class="govuk-body-s">{t("You hear the floor at once. The picture may be a little later.")}</p>}
      </div>
      <div class="mh-room__self">
        {part === "presenter" ? (brought ? <Screen room={room} /> : null) : <Own room={room} part={part} />}
      </div>
    </div>
  );
}

/** Their own camera or microphone. */
function Own({ room, part }: { room: Room; part: InvitedPart }): JSX.Element {
  const { devices, meter } = room;
  if (!devices.ready.value) return <BeforeAsking room={room} />;
  return (
    <>
      <h3 class="govuk-heading-s">{t("You")}</h3>
      {devices.trouble.value && <TroubleBox trouble={devices.trouble.value} />}
      {part === "signer"
        ? <><StreamVideo stream={devices.stream.value} muted label={t("Your camera")} class="mh-mirror" /><Picker room={room} kind="camera" /></>
        : <><MeterBar level={meter.level} /><Picker room={room} kind="microphone" /></>}
    </>
  );
}

function Screen({ room }: { room: Room }): JSX.Element {
  const { devices } = room;
  if (!devices.ready.value) return <BeforeAsking room={room} />;
  return (
    <>
      <h3 class="govuk-heading-s">{t("Your screen")}</h3>
      <StreamVideo stream={devices.stream.value} muted label={t("Your screen")} />
      <button type="button" class="govuk-button govuk-button--warning" onClick={() => devices.close()}>{t("Stop sharing")}</button>
    </>
  );
}
