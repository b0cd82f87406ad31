/** Who is speaking, as text in the page, and the time left. */

import { effect, type ReadonlySignal } from "@preact/signals";
import { render, type JSX } from "preact";
import { announce } from "../shared/announcer";
import { tick, type ServerClock } from "../shared/clock";
import { clockText, clockWords, secondsLeft, urgency } from "../shared/countdown";
import { t, tn } from "../shared/i18n";
import type { PublicSnapshot } from "../shared/wire";

export function mountSpeakerLine(root: HTMLElement, snapshot: ReadonlySignal<PublicSnapshot>, clock: ServerClock): void {
  root.replaceChildren();
  render(<SpeakerLine snapshot={snapshot} clock={clock} />, root);
  let name = snapshot.peek().speaker?.name ?? null;
  effect(() => {
    const { speaker, speakers_waiting } = snapshot.value;
    root.hidden = speaker === null && speakers_waiting === 0;
    if (speaker && speaker.name !== name) announce(t("Speaking now: {name}", { name: speaker.name }));
    name = speaker?.name ?? null;
  });
}

function SpeakerLine({ snapshot, clock }: { snapshot: ReadonlySignal<PublicSnapshot>; clock: ServerClock }): JSX.Element | null {
  const { speaker, speakers_waiting: waiting } = snapshot.value;
  if (!speaker) {
    return waiting ? <p class="mh-speaking mh-speaking--waiting">{tn("{n} person waits to speak.", "{n} people wait to speak.", waiting)}</p> : null;
  }
  return (
    <p class="mh-speaking">
      <span class="mh-speaking__label">{t("Speaking now")}</span>
      <strong class="mh-speaking__name">{speaker.name}</strong>
      {speaker.timer && <Countdown timer={speaker.timer} clock={clock} />}
    </p>
  );
}

export function Countdown({ timer, clock }: { timer: { ends_ms: number; seconds: number }; clock: ServerClock }): JSX.Element {
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
