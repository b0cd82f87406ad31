/** Somebody who takes part by telephone: the page shows where they stand, and sends nothing. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import { BigTimer } from "./on-air";
import type { Room } from "./room";
import { placeWords } from "./waiting";

export function ByPhone({ room }: { room: Room }): JSX.Element {
  const snapshot = room.snapshot.value;
  const onAir = snapshot.state === "on_air";
  return (
    <section class="mh-step" aria-labelledby="phone-title">
      <div class={`mh-place${onAir || snapshot.state === "called" ? " mh-place--called" : ""}`}>
        <h2 id="phone-title" class="govuk-heading-l">{onAir ? t("You are on air, by telephone") : t("You take part by telephone")}</h2>
        <p class="mh-place__words" role="status">
          {onAir ? t("Everyone can hear you. Please speak now.") : snapshot.state === "called" ? t("You are next. Stay on the telephone.") : placeWords(snapshot).join(" ")}
        </p>
        {onAir && snapshot.timer && <BigTimer room={room} timer={snapshot.timer} />}
      </div>
      <p class="govuk-body">{t("Camera and microphone of this page are off. Do not listen to the meeting here or elsewhere while you speak: turn the sound off, or it comes back as an echo.")}</p>
    </section>
  );
}
