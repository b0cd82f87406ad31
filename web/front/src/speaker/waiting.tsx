/** The waiting room, and being called. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { tick } from "../shared/clock";
import { clockText, secondsLeft } from "../shared/countdown";
import { itemNumber } from "../shared/format";
import { t } from "../shared/i18n";
import { StreamAudio, StreamVideo } from "../shared/stream-video";
import { putOffWords } from "../shared/timetable";
import type { ItemView, SpeakerSnapshot, Timer } from "../shared/wire";
import { BeforeAsking, MeterBar, TroubleBox } from "./check";
import { Cue } from "./cue";
import type { Room } from "./room";

function name(item: ItemView): string {
  return t("Item {number}", { number: itemNumber(item) });
}

/** "You are number 1. Item 5 is now. You speak on item 6." */
export function placeWords(snapshot: SpeakerSnapshot): string[] {
  const { position, item, now_item: now } = snapshot;
  const words: string[] = [];
  if (item?.state === "put_off") return [t("You wanted to speak on item {number}.", { number: itemNumber(item) }), putOffWords(item), t("You are not called at this meeting.")];
  if (position !== null) words.push(t("You are number {n}.", { n: position }));
  if (now) words.push(t("{item} is now.", { item: name(now) }));
  else words.push(t("The meeting has not reached its first item."));
  if (item && item.id === now?.id) words.push(t("That is your item."));
  else if (item) words.push(t("You speak on item {number}.", { number: itemNumber(item) }));
  return words;
}

/** The picture and sound of the meeting, for somebody who waits or speaks. */
export function Watching({ room, small }: { room: Room; small: boolean }): JSX.Element {
  const { programme } = room;
  const onAir = room.snapshot.value.state === "on_air";
  // The return has everything but the speaker's own voice; the programme's sound would be an echo.
  const hears = room.hears.value;
  const useReturn = onAir || hears;
  return (
    <>
      <div class={`mh-watching${small ? " mh-watching--small" : ""}`}>
        <StreamVideo stream={programme.stream.value} muted={useReturn} label={t("The meeting now")} />
        {room.snapshot.value.meeting_state === "private" && <PrivatePicture stream={room.privatePicture.value} />}
        {!programme.stream.value && (
          <p class="mh-watching__none">
            {room.wantsPicture.value || !hears
              ? t("The picture of the meeting appears here.")
              : t("You hear the meeting. Its picture is off, which saves data and battery.")}
          </p>
        )}
        {useReturn && <StreamAudio stream={room.returned.value} />}
      </div>
      {hears && <PictureChoice room={room} />}
    </>
  );
}

/** For slow connections and old devices: the meeting is heard all the same. */
function PictureChoice({ room }: { room: Room }): JSX.Element {
  const wanted = room.wantsPicture.value;
  return (
    <button
      type="button" class="govuk-button govuk-button--secondary"
      onClick={() => (room.wantsPicture.value = !wanted)}
    >
      {wanted ? t("Do without the picture") : t("Show the picture")}
    </button>
  );
}

const DARK_MS = 1000;

/** Shown only while pictures come: somebody who was sent out keeps nothing on the screen. */
function PrivatePicture({ stream }: { stream: MediaStream | null }): JSX.Element | null {
  const element = useRef<HTMLVideoElement>(null);
  const lit = useSignal(false);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = stream;
    let shown = 0;
    const look = setInterval(() => {
      const frames = video.getVideoPlaybackQuality().totalVideoFrames;
      lit.value = frames > shown;
      shown = frames;
    }, DARK_MS);
    return () => {
      clearInterval(look);
      video.srcObject = null;
    };
  }, [stream]);
  return (
    <div class="mh-private" hidden={!lit.value}>
      <video ref={element} autoplay playsInline muted aria-label={t("The private session")} />
      <p role="status">{lit.value && t("Private session: you have been admitted. The public see and hear nothing of it.")}</p>
    </div>
  );
}

export function Waiting({ room }: { room: Room }): JSX.Element {
  const snapshot = room.snapshot.value;
  const called = snapshot.state === "called";
  return (
    <section class="mh-step" aria-labelledby="wait-title">
      <div class={`mh-place${called ? " mh-place--called" : ""}`}>
        <h2 id="wait-title" class="govuk-heading-l">{called ? t("You are next") : t("You are in the waiting room")}</h2>
        <p class="mh-place__words" role="status">
          {called ? t("An officer is about to bring you on air. Nobody sees or hears you yet. Stay on this page.") : placeWords(snapshot).join(" ")}
        </p>
        {called && snapshot.on_air_ms && <Cue room={room} at={snapshot.on_air_ms} />}
        {called && !snapshot.on_air_ms && snapshot.ahead?.timer && <Ahead room={room} name={snapshot.ahead.name} timer={snapshot.ahead.timer} />}
        {called && <LinkWords room={room} />}
      </div>
      <div class="mh-room">
        <div class="mh-room__programme">
          <h3 class="govuk-heading-s">{t("The meeting now")}</h3>
          <Watching room={room} small={false} />
          <p class="govuk-body-s">{t("Watch here, not on the public page: that is a little later.")}</p>
        </div>
        <Self room={room} />
      </div>
    </section>
  );
}

/** How long the one before them still has: a countdown to their own turn. */
function Ahead({ room, name: who, timer }: { room: Room; name: string; timer: Timer }): JSX.Element {
  tick();
  const left = Math.max(0, secondsLeft(timer, room.clock.now()));
  return (
    <p class="mh-ahead">
      {t("{name} is speaking before you.", { name: who })} <span role="timer">{t("{time} left", { time: clockText(left) })}</span>
    </p>
  );
}

/** How the sending of camera and microphone is getting on. */
export function LinkWords({ room }: { room: Room }): JSX.Element {
  const { state, words } = room.link.value;
  const text = state === "connected" ? t("Your camera and microphone are connected to the meeting.") : words;
  return (
    <>
      <p class={`mh-link mh-link--${state}`} role="status">{text}</p>
      {room.hopeless.value && <Telephone room={room} />}
    </>
  );
}

/** Nothing gets through: the officer knows, and calls. */
function Telephone({ room }: { room: Room }): JSX.Element {
  const { phone } = room.snapshot.value;
  return (
    <div class="mh-trouble" role="alert">
      <p class="govuk-body govuk-!-font-weight-bold">{t("Use the telephone instead")}</p>
      <p class="govuk-body">
        {phone
          ? t("An officer has been told and calls you on {phone}. You keep your place. This page goes on trying.", { phone })
          : t("An officer has been told, but does not have your telephone number. Give it below. You keep your place, and this page goes on trying.")}
      </p>
    </div>
  );
}

export function Self({ room }: { room: Room }): JSX.Element {
  const { devices, meter } = room;
  const trouble = devices.trouble.value;
  if (!devices.ready.value) {
    return <div class="mh-room__self"><BeforeAsking room={room} /></div>;
  }
  return (
    <div class="mh-room__self">
      <h3 class="govuk-heading-s">{t("You")}</h3>
      {trouble && <TroubleBox trouble={trouble} />}
      {devices.hasCamera.value
        ? <StreamVideo stream={devices.stream.value} muted label={t("Your camera")} class="mh-mirror" />
        : <p class="mh-check__none">{t("Sound only")}</p>}
      <MeterBar level={meter.level} />
    </div>
  );
}
