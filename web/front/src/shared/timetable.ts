/** What items the meeting takes, when they are expected, and how long they took. */

import { dayOf } from "./format";
import { t } from "./i18n";
import type { ItemView, PublicSnapshot } from "./wire";

const ROUNDED_TO_MS = 5 * 60_000;

/** Item → when it is expected to begin: an item that takes longer moves all that come behind it. */
export function expectedTimes(meeting: PublicSnapshot, now: number): Map<number, number> {
  const planned = new Map<number, number>();
  for (const { id, expected_ms } of meeting.agenda) {
    if (typeof expected_ms === "number") planned.set(id, expected_ms);
  }
  const late = Math.max(0, now - Math.min(...planned.values()));
  return new Map([...planned].map(([id, at]) => [id, at + late]));
}

/** For the public: "about" is the next five minutes past it. As `web/timetable.py`. */
export function about(ms: number): number {
  return Math.ceil(ms / ROUNDED_TO_MS) * ROUNDED_TO_MS;
}

/** Item → milliseconds of the programme that it has taken so far; whoever comes back to it goes on counting. */
export function spent(meeting: PublicSnapshot, now: number): Map<number, number> {
  const taken = new Map<number, number>();
  if (meeting.epoch_ms === null) return taken;
  const end = ((meeting.ended_ms ?? now) - meeting.epoch_ms) / 1000;
  const begun = meeting.index.filter((point) => point.kind === "item").sort((a, b) => a.seconds - b.seconds);
  begun.forEach(({ item_id, seconds }, at) => {
    if (item_id === null) return;
    const ms = ((begun[at + 1]?.seconds ?? end) - seconds) * 1000;
    taken.set(item_id, (taken.get(item_id) ?? 0) + Math.max(0, ms));
  });
  return taken;
}

/** The items that this meeting takes, in their order. */
export function business(meeting: Pick<PublicSnapshot, "agenda">): ItemView[] {
  return meeting.agenda.filter((item) => !item.heading && item.state !== "put_off");
}

/** Of an item that is taken at another meeting; "" for all others. */
export function putOffWords({ state, put_off_to: to }: ItemView): string {
  if (state !== "put_off") return "";
  return to ? t("Deferred to the meeting of {day}.", { day: dayOf(to) }) : t("Deferred to a later meeting.");
}
