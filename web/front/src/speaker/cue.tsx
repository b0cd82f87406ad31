/** "You will be on air in 5 … 1": an officer has announced it, and lets them in when it is over. */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { announce } from "../shared/announcer";
import { tick } from "../shared/clock";
import { t, tn } from "../shared/i18n";
import type { Room } from "./room";
import { tone } from "./sound";

export function Cue({ room, at }: { room: Room; at: number }): JSX.Element {
  tick();
  const left = Math.max(0, Math.ceil((at - room.clock.now()) / 1000));
  useEffect(() => {
    announce(tn("You will be on air in {n} second.", "You will be on air in {n} seconds.", left));
    tone(0.15, 660);
  }, [at]);
  return (
    <p class="mh-cue" role="timer">
      {left > 0 ? <>{t("You will be on air in")} <strong>{left}</strong></> : t("You will be on air now.")}
    </p>
  );
}
