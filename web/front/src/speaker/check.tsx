/** Before the meeting: what it means to speak, and whether the device works. */

import { useSignal, type Signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";
import { clockWords } from "../shared/countdown";
import { day, itemNumber, timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import { StreamVideo } from "../shared/stream-video";
import type { Trouble } from "./devices";
import { askWords, turnOnWords } from "./parts";
import { Playback } from "./playback";
import type { Room } from "./room";
import { tone } from "./sound";

export function Consent({ room }: { room: Room }): JSX.Element {
  const agreed = useSignal(false);
  const missing = useSignal(false);
  const box = useRef<HTMLInputElement>(null);
  const { seconds, item } = room.snapshot.value;
  const go = (): void => {
    missing.value = !agreed.value;
    if (agreed.value) room.consented.value = true;
    else box.current?.focus();
  };
  return (
    <section class="mh-step" aria-labelledby="consent-title">
      <h2 id="consent-title" class="govuk-heading-m">{t("Before you speak")}</h2>
      <ul class="govuk-list govuk-list--bullet">
        <li>{t("The meeting is public. It is broadcast live, recorded, and the recording is published.")}</li>
        <li>{t("Your name, voice and, if you use a camera, your picture will be seen and heard. You may speak without a camera.")}</li>
        <li>
          {item
            ? t("You may speak for {time}, on item {number}: {title}.", { time: clockWords(seconds), number: itemNumber(item), title: item.title })
            : t("You may speak for {time}.", { time: clockWords(seconds) })}
        </li>
        <li>
          {item
            ? t("Speak about this item. Do not give private details of other people, and do not insult anyone. The chair may stop you.")
            : t("Do not give private details of other people, and do not insult anyone. The chair may stop you.")}
        </li>
        <li>{t("Nobody sees or hears you before an officer brings you on air, and this page tells you when that is.")}</li>
        <li>{t("This link is yours alone. Do not pass it on.")}</li>
      </ul>
      <div class={`govuk-form-group${missing.value ? " govuk-form-group--error" : ""}`}>
        {missing.value && <p id="consent-error" class="govuk-error-message" role="alert">{t("Say that you agree, to go on.")}</p>}
        <div class="govuk-checkboxes">
          <div class="govuk-checkboxes__item">
            <input
              ref={box} class="govuk-checkboxes__input" id="consent" type="checkbox" checked={agreed.value} aria-invalid={missing.value}
              aria-describedby={missing.value ? "consent-error" : undefined}
              onChange={(event) => (agreed.value = event.currentTarget.checked)}
            />
            <label class="govuk-label govuk-checkboxes__label" for="consent">
              {t("I agree to be broadcast and recorded, and to keep to these rules")}
            </label>
          </div>
        </div>
      </div>
      <button type="button" class="govuk-button" onClick={go}>{t("Continue")}</button>
      <p class="govuk-body-s">{t("If you would rather not be on air, contact the council: an officer can read out what you want to say.")}</p>
    </section>
  );
}

export function DeviceCheck({ room }: { room: Room }): JSX.Element {
  const { devices } = room;
  return (
    <section class="mh-step" aria-labelledby="check-title">
      <h2 id="check-title" class="govuk-heading-m">{t("Check your camera and microphone")}</h2>
      {devices.ready.value ? <Working room={room} /> : <BeforeAsking room={room} />}
    </section>
  );
}

export function BeforeAsking({ room }: { room: Room }): JSX.Element {
  const { devices } = room;
  const trouble = devices.trouble.value;
  return (
    <>
      {trouble && <TroubleBox trouble={trouble} />}
      {!trouble && (
        <p class="govuk-body">{askWords(devices.needs)}</p>
      )}
      <button type="button" class="govuk-button" disabled={devices.asking.value} onClick={() => void devices.open()}>
        {devices.asking.value ? t("Waiting for your answer to the browser…") : trouble ? t("Try again") : turnOnWords(devices.needs)}
      </button>
    </>
  );
}

export function TroubleBox({ trouble }: { trouble: Trouble }): JSX.Element {
  return (
    <div class="mh-trouble" role="alert">
      <p class="govuk-body govuk-!-font-weight-bold">{trouble.what}</p>
      <p class="govuk-body">{trouble.todo}</p>
    </div>
  );
}

function Working({ room }: { room: Room }): JSX.Element {
  const { devices, meter } = room;
  const withoutCamera = devices.withoutCamera.value;
  return (
    <>
      <div class="mh-check">
        <div class="mh-check__picture">
          {devices.hasCamera.value
            ? <StreamVideo stream={devices.stream.value} muted label={t("Your camera")} class="mh-mirror" />
            : <p class="mh-check__none">{t("Sound only")}</p>}
        </div>
        <div class="mh-check__side">
          <MeterBar level={meter.level} />
          <p class="govuk-body-s" role="status">
            {meter.heard.value ? t("We can hear you. Good.") : t("Say a few words: the bar should move.")}
          </p>
          <Picker room={room} kind="microphone" />
          <Picker room={room} kind="camera" />
          <Playback devices={devices} />
          <button type="button" class="govuk-button govuk-button--secondary" onClick={() => tone()}>{t("Play a test tone")}</button>
          <p class="govuk-body-s">{t("If you do not hear it, turn up the sound or choose other loudspeakers. Headphones are best.")}</p>
        </div>
      </div>
      {withoutCamera && (
        <div class="govuk-inset-text">
          <p class="govuk-body">{withoutCamera.what} {t("You can take part by sound alone.")}</p>
          <p class="govuk-body-s">{withoutCamera.todo}</p>
          <button type="button" class="mh-link-button" onClick={() => void devices.open()}>{t("Try the camera again")}</button>
        </div>
      )}
      <Ready room={room} />
    </>
  );
}

export function MeterBar({ level }: { level: Signal<number> }): JSX.Element {
  return (
    <div class="mh-meter" role="img" aria-label={t("Microphone level")}>
      <div class="mh-meter__fill" style={{ transform: `scaleX(${level.value.toFixed(2)})` }} />
    </div>
  );
}

export function Picker({ room, kind }: { room: Room; kind: "camera" | "microphone" }): JSX.Element | null {
  const { devices } = room;
  const list = (kind === "camera" ? devices.cameras : devices.microphones).value;
  const tracks = kind === "camera" ? devices.stream.value?.getVideoTracks() : devices.stream.value?.getAudioTracks();
  if (list.length < 2) return null;
  const id = `pick-${kind}`;
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for={id}>{kind === "camera" ? t("Camera") : t("Microphone")}</label>
      <select
        id={id} class="govuk-select" value={tracks?.[0]?.getSettings().deviceId ?? ""}
        onChange={(event) => void devices.choose(kind, event.currentTarget.value)}
      >
        {list.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>{device.label || t("Device {n}", { n: index + 1 })}</option>
        ))}
      </select>
    </div>
  );
}

function Ready({ room }: { room: Room }): JSX.Element {
  const { meeting_state, starts_ms, state } = room.snapshot.value;
  const early = meeting_state === "scheduled";
  if (state !== "confirmed" && state !== "no_show") {
    return (
      <>
        <TellResult room={room} />
        <p class="govuk-body">{t("When an officer has confirmed your place, come back to this page on the day of the meeting.")}</p>
      </>
    );
  }
  return (
    <>
      {early && <TellResult room={room} />}
      {early && (
        <Paragraph>
          {t("The meeting begins on {day} at {time}. Come back to this page ten minutes before, with the same link.", { day: day(starts_ms), time: timeOfDay(starts_ms) })}
        </Paragraph>
      )}
      <button type="button" class="govuk-button mh-big" disabled={room.busy.value} onClick={() => void room.checkIn()}>
        {t("I am ready")}
      </button>
      <Failure room={room} />
      <p class="govuk-body-s">{t("You come into a waiting room. You are not on air there.")}</p>
    </>
  );
}

/** Days before: the council learns what the test found, and nobody arrives by it. */
function TellResult({ room }: { room: Room }): JSX.Element {
  const { device_checked_ms: at, device_check: check = {} } = room.snapshot.value;
  return (
    <div class="mh-result">
      <button type="button" class="govuk-button govuk-button--secondary" disabled={room.busy.value || room.testing.value} onClick={() => void room.testDevice()}>
        {room.testing.value ? t("Testing your connection…") : t("Send the result to the council")}
      </button>
      <p class="govuk-body" role="status">{at ? resultWords(check, t("{day}, {time}", { day: day(at), time: timeOfDay(at) })) : ""}</p>
    </div>
  );
}

export function resultWords(check: Record<string, unknown>, when: string): string {
  const words = [t("The council has your result of {when}.", { when })];
  if (check["microphone"] === "quiet") words.push(t("The microphone was not heard: speak, and send it again."));
  else words.push(check["camera"] === "ok" ? t("Camera and microphone work.") : t("The microphone works; there is no camera."));
  if (check["network"] === "blocked") words.push(t("Your network does not reach the council’s relay. If you can, use another one on the day, for example your phone’s, or ask an officer for the telephone."));
  return words.join(" ");
}

export function Failure({ room }: { room: Room }): JSX.Element {
  return <p class="govuk-error-message" role="alert">{room.failure.value}</p>;
}

function Paragraph({ children }: { children: ComponentChildren }): JSX.Element {
  return <p class="govuk-body">{children}</p>;
}
