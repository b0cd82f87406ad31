/** Who of the officers is at which question, so that two do not take up the same one. */

import type { JSX } from "preact";
import { tick } from "../shared/clock";
import { t } from "../shared/i18n";
import type { HandView } from "../shared/wire";
import type { Desk } from "./desk";

/** After that, somebody only forgot to look elsewhere. */
const STALE_MS = 120_000;
/** Whoever runs through the list is at none of them. */
const SETTLE_MS = 400;

let settling: ReturnType<typeof setTimeout> | undefined;

/** Tell the others which question one is at, once one stays there. */
export function keepHand(desk: Desk, id: number | null): void {
  clearTimeout(settling);
  settling = setTimeout(() => void desk.connection.command("question.look", { question_id: id }), SETTLE_MS);
}

/** The hands of others at a question. */
export function handsAt(desk: Desk, question: number, now: number): HandView[] {
  return (desk.staff.value.hands ?? []).filter(
    (hand) => hand.question_id === question && hand.staff_id !== desk.page.me.id && now - hand.since_ms < STALE_MS,
  );
}

export function HandsAt({ desk, question }: { desk: Desk; question: number }): JSX.Element | null {
  tick();
  const hands = handsAt(desk, question, desk.clock.now());
  if (!hands.length) return null;
  return <span class="mc-hands">{t("{names} is at it", { names: hands.map((hand) => hand.name).join(", ") })}</span>;
}
