/** How long items are expected to take, against how long they take. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { tick } from "../shared/clock";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import { business, expectedTimes, spent } from "../shared/timetable";
import type { ItemView, PublicSnapshot } from "../shared/wire";
import type { Desk } from "./desk";

const MINUTE_MS = 60_000;
const AT_MOST = 600;

/** Of an item in the run of show: `12 of 10 min` once it was begun, `19:40 · 10 min` before. */
export function timesWords(meeting: PublicSnapshot, item: ItemView, now: number): string {
  const taken = spent(meeting, now).get(item.id);
  const most = item.minutes ?? null;
  if (taken !== undefined) {
    const minutes = Math.floor(taken / MINUTE_MS);
    return most === null ? t("{spent} min", { spent: minutes }) : t("{spent} of {expected} min", { spent: minutes, expected: most });
  }
  const at = expectedTimes(meeting, now).get(item.id);
  return [at === undefined ? "" : timeOfDay(at), most === null ? "" : t("{spent} min", { spent: most })].filter(Boolean).join(" · ");
}

/** When the last item is done, if all of them have their minutes. */
export function expectedEnd(meeting: PublicSnapshot, now: number): number | null {
  const last = business(meeting).at(-1);
  const at = last && expectedTimes(meeting, now).get(last.id);
  return at === undefined || typeof last?.minutes !== "number" ? null : at + last.minutes * MINUTE_MS;
}

export function Times({ desk, item }: { desk: Desk; item: ItemView }): JSX.Element | null {
  tick();
  const now = desk.clock.now();
  const words = timesWords(desk.meeting.value, item, now);
  if (!words) return null;
  const over = typeof item.minutes === "number" && (spent(desk.meeting.value, now).get(item.id) ?? 0) > item.minutes * MINUTE_MS;
  return <span class="mc-item__times" data-over={over}>{words}</span>;
}

/** In the dialog of the order of business: the minutes of every item, and what they add up to. */
export function ExpectedMinutes({ desk }: { desk: Desk }): JSX.Element {
  return (
    <details>
      <summary>{t("Expected minutes")}</summary>
      <p>{t("The public read when an item is expected, as far as all before it have their minutes.")}</p>
      <ul class="mc-minutes">
        {business(desk.meeting.value).map((item) => <Minutes key={item.id} desk={desk} item={item} />)}
      </ul>
      <End desk={desk} />
    </details>
  );
}

function End({ desk }: { desk: Desk }): JSX.Element {
  tick();
  const end = expectedEnd(desk.meeting.value, desk.clock.now());
  return <p class="mc-minutes__end">{end === null ? t("When it ends can be told once every item to come has its minutes.") : t("Expected end: {time}", { time: timeOfDay(end) })}</p>;
}

function Minutes({ desk, item }: { desk: Desk; item: ItemView }): JSX.Element {
  const known = String(item.minutes ?? "");
  // What is being typed: the snapshot that comes meanwhile must not wipe it out.
  const typed = useSignal<string | null>(null);
  const wrong = typed.value !== null && !isMinutes(typed.value);
  const send = async (): Promise<void> => {
    const text = typed.peek();
    if (text === null || !isMinutes(text)) return;
    if (text !== known) await desk.run("timetable.expect", { item_id: item.id, minutes: text === "" ? null : Number(text) });
    if (typed.peek() === text) typed.value = null;
  };
  return (
    <li>
      <label class="mc-field">
        <span>{`${item.number} ${item.title || t("(title not published)")}`.trim()}</span>
        <input
          type="text" inputMode="numeric" maxLength={3} value={typed.value ?? known} aria-invalid={wrong}
          onInput={(event) => (typed.value = event.currentTarget.value.trim())} onChange={() => void send()}
        />
        <span aria-hidden="true">{t("min")}</span>
      </label>
      {wrong && <p class="mc-dialog__trouble" role="alert">{t("Whole minutes, {n} at most.", { n: AT_MOST })}</p>}
    </li>
  );
}

/** Nothing is a wish, too: nothing is expected of the item any more. */
function isMinutes(text: string): boolean {
  return text === "" || (/^[1-9]\d*$/.test(text) && Number(text) <= AT_MOST);
}
