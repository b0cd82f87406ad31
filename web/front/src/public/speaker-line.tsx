/** What the meeting is at and who is speaking, as text under the picture, and the time left. */

import { effect, type ReadonlySignal } from "@preact/signals";
import { render, type JSX } from "preact";
import { announce } from "../shared/announcer";
import { tick, type ServerClock } from "../shared/clock";
import { clockText, clockWords, secondsLeft, urgency } from "../shared/countdown";
import { t, tn } from "../shared/i18n";
import type { ItemView, PublicSnapshot, Timer } from "../shared/wire";

/** Who is seen and heard, in words: the remote speakers, and the name that the clerk gave the chamber's picture. */
export function whoSpeaks(snapshot: PublicSnapshot): string[] {
  const speakers = snapshot.on_air ?? (snapshot.speaker ? [snapshot.speaker] : []);
  return [...(snapshot.chamber ? [snapshot.chamber] : []), ...speakers.map((speaker) => speaker.name)];
}

function nowItem({ agenda, now_item_id: id }: PublicSnapshot): ItemView | undefined {
  return id === null ? undefined : agenda.find((item) => item.id === id);
}

export function mountSpeakerLine(root: HTMLElement, snapshot: ReadonlySignal<PublicSnapshot>, clock: ServerClock): void {
  root.replaceChildren();
  render(<SpeakerLine snapshot={snapshot} clock={clock} />, root);
  let known = new Set(whoSpeaks(snapshot.peek()));
  effect(() => {
    const names = whoSpeaks(snapshot.value);
    root.hidden = !names.length && snapshot.value.speakers_waiting === 0 && !nowItem(snapshot.value);
    const fresh = names.filter((name) => !known.has(name));
    if (fresh.length) announce(t("Speaking now: {name}", { name: fresh.join("; ") }));
    known = new Set(names);
  });
}

function SpeakerLine({ snapshot, clock }: { snapshot: ReadonlySignal<PublicSnapshot>; clock: ServerClock }): JSX.Element {
  const { speaker, on_air = speaker ? [speaker] : [], chamber, speakers_waiting: waiting } = snapshot.value;
  const item = nowItem(snapshot.value);
  return (
    <div class="mh-speaking">
      {item && (
        <p class="mh-speaking__one">
          <span class="mh-speaking__label">{t("Now")}</span>
          <a class="govuk-link" href={`#item-${item.id}`}>{item.number} {item.title}</a>
        </p>
      )}
      {chamber && <p class="mh-speaking__one"><span class="mh-speaking__label">{t("In the chamber")}</span> <strong class="mh-speaking__name">{chamber}</strong></p>}
      {on_air.map((one) => (
        <p key={one.name} class="mh-speaking__one">
          <span class="mh-speaking__label">{t("Speaking now")}</span> <strong class="mh-speaking__name">{one.name}</strong>
          {one.timer && <Countdown timer={one.timer} clock={clock} />}
        </p>
      ))}
      {!on_air.length && waiting > 0 && (
        <p class="mh-speaking__one mh-speaking__label">{tn("{n} person waits to speak.", "{n} people wait to speak.", waiting)}</p>
      )}
    </div>
  );
}

export function Countdown({ timer, clock }: { timer: Timer; clock: ServerClock }): JSX.Element {
  tick();
  const now = clock.now();
  const left = secondsLeft(timer, now);
  return (
    <span class="mh-countdown" role="timer" data-urgency={urgency(timer, now)}>
      <span aria-hidden="true">{clockText(left)}</span>
      <span class="govuk-visually-hidden">
        {left >= 0 ? t("{time} left", { time: clockWords(left) }) : t("Time is up")}
      </span>
    </span>
  );
}
