/** On air: a large timer, what it says at set points, and one button. */

import { useEffect, useMemo } from "preact/hooks";
import type { JSX } from "preact";
import { announce } from "../shared/announcer";
import { tick } from "../shared/clock";
import { SetPoints, clockText, clockWords, secondsLeft, setPointWords, stands, urgency } from "../shared/countdown";
import { itemNumber } from "../shared/format";
import { t } from "../shared/i18n";
import type { Timer } from "../shared/wire";
import type { Room } from "./room";
import { tone } from "./sound";
import { LinkWords, Self, Watching } from "./waiting";

export function OnAir({ room }: { room: Room }): JSX.Element {
  const { timer, item } = room.snapshot.value;
  const muted = room.devices.muted.value;
  const talking = muted && room.meter.level.value > 0.45;
  return (
    <section class="mh-on-air" aria-labelledby="air-title">
      <div class="mh-on-air__banner">
        <h2 id="air-title" class="mh-on-air__title"><span class="mh-on-air__dot" aria-hidden="true" />{t("You are on air")}</h2>
        {item && <p class="mh-on-air__item">{t("Item {number}", { number: itemNumber(item) })}: {item.title}</p>}
        {timer && <BigTimer room={room} timer={timer} />}
        <button
          type="button" class="mh-mute" aria-pressed={muted}
          onClick={() => room.devices.setMuted(!muted)}
        >
          {muted ? t("Unmute myself") : t("Mute myself")}
        </button>
        <p class="mh-on-air__muted" role="status">
          {talking ? t("You are muted: nobody can hear you.") : muted ? t("You are muted.") : ""}
        </p>
        {room.link.value.state !== "connected" && <LinkWords room={room} />}
      </div>
      <div class="mh-room">
        <div class="mh-room__programme">
          <h3 class="govuk-heading-s">{t("What everyone sees")}</h3>
          <Watching room={room} small />
        </div>
        <Self room={room} />
      </div>
    </section>
  );
}

export function BigTimer({ room, timer }: { room: Room; timer: Timer }): JSX.Element {
  const points = useMemo(() => new SetPoints(), []);
  tick();
  const now = room.clock.now();
  const left = secondsLeft(timer, now);
  useEffect(() => {
    const point = points.passed(timer, now);
    if (point === null) return;
    announce(setPointWords(point, timer.seconds));
    if (point <= 30) tone(0.15, 660);
  });
  return (
    <div class="mh-timer" role="timer" data-urgency={urgency(timer, now)}>
      <span class="mh-timer__time" aria-hidden="true">{clockText(left)}</span>
      <span class="govuk-visually-hidden">{left >= 0 ? t("{time} left", { time: clockWords(left) }) : t("Time is up")}</span>
      <span class="mh-timer__words">{stands(timer) ? t("Your time stands still") : timerWords(left)}</span>
    </div>
  );
}

export function timerWords(left: number): string {
  if (left <= 0) return t("Please finish");
  if (left <= 30) return t("Please finish soon");
  return t("left");
}
