/** Raised hands of a webinar: one row each, above the speakers. */

import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { RaisedHand } from "../shared/wire";
import type { Desk } from "./desk";
import { letter } from "./keys";
import { CommandButton } from "./parts";

/** Whom the key H asks: who waits longest of those who were not asked yet. */
export function nextHand(raised: readonly RaisedHand[]): RaisedHand | null {
  return raised.find((hand) => hand.state === "raised") ?? null;
}

export function askNext(desk: Desk): void {
  const hand = nextHand(desk.staff.peek().raised ?? []);
  if (hand) void desk.run("hand.ask", { hand_id: hand.id });
}

export function RaisedHands({ desk }: { desk: Desk }): JSX.Element | null {
  const raised = desk.staff.value.raised ?? [];
  if (!raised.length) return null;
  const next = nextHand(raised);
  return (
    <>
      <h3 class="mc-subhead" id="raised">{t("Raised hands")}</h3>
      <ul class="mc-rows" aria-labelledby="raised">
        {raised.map((hand) => (
          <li key={hand.id} class="mc-row" data-state={hand.state} data-hand-id={hand.id}>
            <div class="mc-row__who">
              <strong>{hand.name}</strong>
              <span class="mc-row__about">{t("since {time}", { time: timeOfDay(hand.raised_ms) })}</span>
            </div>
            <span class="mc-row__state">{hand.state === "asked" ? t("Asked to agree") : t("Hand up")}</span>
            <div class="mc-row__do">
              {hand.state === "raised" && <CommandButton desk={desk} name="hand.ask" payload={{ hand_id: hand.id }} tone="primary" {...(hand === next ? { shortcut: letter("hand") } : {})}>{t("Bring on air…")}</CommandButton>}
              <CommandButton desk={desk} name="hand.dismiss" payload={{ hand_id: hand.id }}>{t("Not now")}</CommandButton>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
