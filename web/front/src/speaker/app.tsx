/** The speaker's page: one thing at a time. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { SpeakerSnapshot, SpeakerState } from "../shared/wire";
import { Assistance } from "./assistance";
import { ByPhone } from "./by-phone";
import { Consent, DeviceCheck } from "./check";
import { InvitedStep } from "./invited";
import { OnAir } from "./on-air";
import type { Room } from "./room";
import { Waiting } from "./waiting";

/** As long as the link works. */
const HELPED: readonly SpeakerState[] = ["submitted", "waiting_list", "confirmed", "no_show", "checked_in", "called", "on_air"];

/** What happens to somebody who only waits. */
const BY_OFFICERS: readonly SpeakerState[] = ["called", "on_air", "done", "removed"];

export function App({ room }: { room: Room }): JSX.Element {
  const snapshot = room.snapshot.value;
  const before = useRef(snapshot.state);
  useFocusCarriedOn([snapshot.state, room.consented.value, room.devices.ready.value, room.replaced.value].join());
  useEffect(() => {
    offerWithdrawal(snapshot.state);
    if (before.current !== snapshot.state && BY_OFFICERS.includes(snapshot.state)) bringIntoView();
    before.current = snapshot.state;
  }, [snapshot.state]);
  return (
    <div class="mh-speaker" data-state={room.replaced.value ? "replaced" : snapshot.state}>
      <Offline room={room} />
      <Kept snapshot={snapshot} />
      {room.replaced.value ? <Replaced /> : <Step room={room} snapshot={snapshot} />}
      {room.part === "speaker" && !room.replaced.value && HELPED.includes(snapshot.state) && <Assistance room={room} />}
    </div>
  );
}

/** The button that was pressed goes with its step: keyboard and screen reader go on at the heading of the next one. */
export function useFocusCarriedOn(step: string): void {
  const before = useRef(step);
  useEffect(() => {
    if (before.current === step) return;
    before.current = step;
    const title = document.querySelector<HTMLElement>(".mh-speaker h2");
    if (!title || document.activeElement !== document.body) return;
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }, [step]);
}

/** Whoever has scrolled down to their own picture, as on a telephone, is to see the large words and the time. */
function bringIntoView(): void {
  const title = document.querySelector(".mh-speaker h2");
  const box = title?.getBoundingClientRect();
  if (title && box && (box.top < 0 || box.bottom > window.innerHeight)) title.scrollIntoView({ block: "start" });
}

/** The form below, which the server wrote, is there by the same rule as when the page was made. */
export function offerWithdrawal(state: SpeakerState): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-withdraw]")) {
    form.hidden = state === "on_air" || !HELPED.includes(state);
  }
}

function Step({ room, snapshot }: { room: Room; snapshot: SpeakerSnapshot }): JSX.Element {
  switch (snapshot.state) {
    case "done":
    case "declined":
    case "withdrawn":
    case "revoked":
    case "removed": break;
    default: if (room.part !== "speaker") return <InvitedStep room={room} part={room.part} />;
  }
  if (snapshot.by_phone && room.inTheRoom) return <ByPhone room={room} />;
  switch (snapshot.state) {
    case "on_air": return <OnAir room={room} />;
    case "called":
    case "checked_in": return <Waiting room={room} />;
    case "done": return <Ended title={room.part !== "speaker" ? t("The meeting is over for you") : room.spoke.value ? t("You are off air") : t("You have spoken")} words={t("Camera and microphone of this page are off. Thank you for taking part.")} room={room} />;
    case "declined": return <Ended title={t("Your registration was not accepted")} words={t("Contact the council if you want to know why.")} room={room} />;
    case "withdrawn": return <Ended title={t("You have given up your place")} words={t("You can still watch the meeting.")} room={room} />;
    case "removed": return <Ended title={t("An officer has taken you out of the meeting")} words={snapshot.removed_for ?? ""} room={room} />;
    case "revoked": return <Ended title={t("Your invitation was taken back")} words={t("Camera and microphone of this page are off. Contact the council if you want to know why.")} room={room} />;
    default: return <Preparing room={room} snapshot={snapshot} />;
  }
}

function Preparing({ room, snapshot }: { room: Room; snapshot: SpeakerSnapshot }): JSX.Element {
  return (
    <>
      <p class="mh-standing" data-state={snapshot.state}>{standing(snapshot)}</p>
      {room.consented.value ? <DeviceCheck room={room} /> : <Consent room={room} />}
    </>
  );
}

export function standing(snapshot: SpeakerSnapshot): string {
  switch (snapshot.state) {
    case "submitted": return t("Your registration has arrived. An officer will confirm it. You can test your device now.");
    case "waiting_list": return snapshot.late ? t("The deadline has passed. The chair decides whether there is time for you.") : t("All places are taken, and you are on the waiting list. An officer will tell you if one comes free.");
    case "no_show": return t("You were called and were not here. If you are here now, check your device and press “I am ready”.");
    default: return t("Your place is confirmed, {name}.", { name: snapshot.name });
  }
}

function Ended({ title, words, room }: { title: string; words: string; room: Room }): JSX.Element {
  return (
    <section class="mh-step" role="status">
      <h2 class="govuk-heading-l">{title}</h2>
      <p class="govuk-body">{words}</p>
      {room.snapshot.value.has_moment && <p class="govuk-body"><a class="govuk-link" href={room.page.urls.moment}>{t("Watch the moment when you spoke, once the recording is there")}</a></p>}
      <p class="govuk-body"><a class="govuk-link" href={room.page.urls.meeting}>{t("Watch the meeting")}</a></p>
      <p class="govuk-body-s"><a class="govuk-link" href={room.page.urls.privacy}>{t("What happens with what you tell us")}</a></p>
    </section>
  );
}

function Replaced(): JSX.Element {
  return (
    <section class="mh-step" role="alert">
      <h2 class="govuk-heading-l">{t("Your link was opened on another device")}</h2>
      <p class="govuk-body">{t("Only one device at a time can hold your place, and it is the other one now. Camera and microphone of this page are off.")}</p>
      <p class="govuk-body">{t("To go on here instead, load this page again and press “Continue”. If it was not you, tell the council at once.")}</p>
      <button type="button" class="govuk-button" onClick={() => location.reload()}>{t("Load this page again")}</button>
    </section>
  );
}

/** The council does not get camera and microphone, whatever this browser believes. */
export function Kept({ snapshot }: { snapshot: SpeakerSnapshot }): JSX.Element | null {
  if (!snapshot.kept_until_ms) return null;
  const time = timeOfDay(snapshot.kept_until_ms, true);
  return <p class="mh-offline" role="alert">{t("Your camera and microphone do not reach the meeting. Your place is kept until {time}. If this message stays, load the page again.", { time })}</p>;
}

function Offline({ room }: { room: Room }): JSX.Element | null {
  const refused = room.connection.refused.value;
  if (room.replaced.value) return null;
  if (refused) return <p class="mh-offline" role="alert">{refused.message}</p>;
  if (room.connection.connected.value || !room.begun.value) return null;
  return <p class="mh-offline" role="alert">{t("The connection to the council is interrupted. Your place is kept. Trying again…")}</p>;
}
