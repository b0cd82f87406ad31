/** Viewers who cannot hear, as an alarm. */

import type { JSX } from "preact";
import { tick } from "../shared/clock";
import { timeOfDay } from "../shared/format";
import { t, tn } from "../shared/i18n";
import type { HearingView } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton } from "./parts";

const NEWS_MS = 300_000;

export function hearingWords(hearing: HearingView): string {
  const first = timeOfDay(hearing.since_ms);
  const last = timeOfDay(hearing.last_ms);
  const when = first === last ? first : t("{first} to {last}", { first, last });
  return tn(
    "{n} viewer says that they cannot hear the meeting ({when}).",
    "{n} viewers say that they cannot hear the meeting ({when}).",
    hearing.people, { when },
  );
}

export function HearingAlarm({ desk }: { desk: Desk }): JSX.Element | null {
  const hearing = desk.staff.value.hearing;
  tick();
  if (!hearing || desk.clock.now() - hearing.last_ms > NEWS_MS) return null;
  return (
    <p class="mc-alarm mc-alarm--mine">
      <span><strong>{hearingWords(hearing)}</strong> {t("Look at the level of the programme and listen to what the public hear.")}</span>
      <CommandButton desk={desk} name="hearing.clear">{t("Understood")}</CommandButton>
    </p>
  );
}
