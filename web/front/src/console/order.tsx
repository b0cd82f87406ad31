/** Another order of business than was published: an item put off, moved, or added while the meeting runs. */

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { ItemView, PublicSnapshot } from "../shared/wire";
import type { Desk } from "./desk";
import { ExpectedMinutes } from "./expected";
import { CloseButton, CommandButton, Dialog, Trouble } from "./parts";
import { isRunning } from "./public-state";

/** What can be put somewhere else: every item but the current one. */
export function movable(meeting: PublicSnapshot): ItemView[] {
  return meeting.agenda.filter((item) => !item.heading && item.id !== meeting.now_item_id);
}

/** Where an item can be put: ahead of any of these, all of which are still to come. */
export function places(meeting: PublicSnapshot, moving: number | null): ItemView[] {
  const now = meeting.agenda.findIndex((item) => item.id === meeting.now_item_id);
  return meeting.agenda.slice(now + 1).filter((item) => item.id !== moving);
}

/** Before the meeting the order is the agenda system's, and only minutes are to be set. */
export function OrderDialog({ desk }: { desk: Desk }): JSX.Element {
  return (
    <Dialog desk={desk} title={t("Order of business")}>
      {isRunning(desk.meeting.value.state) && <Reorder desk={desk} />}
      <ExpectedMinutes desk={desk} />
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons"><CloseButton desk={desk} /></div>
    </Dialog>
  );
}

function Reorder({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const item = useSignal<number | null>(movable(meeting).find((one) => one.state === "not_started")?.id ?? null);
  const before = useSignal<number | null>(null);
  const day = useSignal("");
  const chosen = meeting.agenda.find((one) => one.id === item.value);
  const payload = { item_id: item.value, before: before.value, expected_version: meeting.version };
  return (
    <>
      <p>{t("The public see the new order at once, and the index says when it was changed. Who registered to speak on an item goes with it.")}</p>
      <div class="mc-pair">
        <Choice label={t("Item")} value={item} items={movable(meeting)} />
        <Choice label={t("Take it")} value={before} items={places(meeting, item.value)} last={t("At the end")} words={(name) => t("Before {name}", { name })} />
      </div>
      <div class="mc-stack">
        <CommandButton desk={desk} name="business.defer" payload={payload} tone="primary" missing={undeferrable(chosen, "deferred", "put_off")} onDone={() => desk.close()}>{t("Defer it")}</CommandButton>
        <CommandButton desk={desk} name="business.move" payload={payload} missing={undeferrable(chosen)} onDone={() => desk.close()}>{t("Move it, without a word that it was deferred")}</CommandButton>
      </div>
      <details>
        <summary>{t("Defer it to another meeting")}</summary>
        <label class="mc-field">
          <span>{t("The day of that meeting, if it is known")}</span>
          <input type="date" value={day.value} onInput={(event) => (day.value = event.currentTarget.value)} />
        </label>
        <div class="mc-stack">
          <CommandButton
            desk={desk} name="business.put_off" payload={{ item_id: item.value, to: day.value || null, expected_version: meeting.version }} tone="primary"
            missing={undeferrable(chosen, "put_off")} onDone={() => desk.close()}
          >
            {t("Defer it to another meeting: it is passed over here")}
          </CommandButton>
        </div>
      </details>
      <details>
        <summary>{t("Add an urgent item")}</summary>
        <Add desk={desk} />
      </details>
    </>
  );
}

/** Why nothing can be done with the item: none is chosen, or it is in one of these states already. */
function undeferrable(item: ItemView | undefined, ...already: ItemView["state"][]): string | false {
  if (!item) return t("Choose an item first.");
  return already.includes(item.state) && t("It is deferred already.");
}

function Add({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const title = useSignal("");
  const number = useSignal("");
  const reason = useSignal("");
  const restricted = useSignal(false);
  const before = useSignal<number | null>(null);
  const payload = {
    title: title.value.trim(), number: number.value.trim(), reason: reason.value.trim(), restricted: restricted.value, before: before.value, expected_version: meeting.version,
  };
  return (
    <>
      <div class="mc-pair">
        <Field label={t("Title, as the public read it")} value={title} most={300} />
        <Field label={t("Number (may stay empty)")} value={number} most={10} />
      </div>
      <Field label={t("Why it cannot wait, for the minutes")} value={reason} most={1000} />
      <div class="mc-pair">
        <Choice label={t("Take it")} value={before} items={places(meeting, null)} last={t("At the end")} words={(name) => t("Before {name}", { name })} />
        <label><input type="checkbox" checked={restricted.value} onChange={(event) => (restricted.value = event.currentTarget.checked)} /> <span>{t("To be considered in private")}</span></label>
      </div>
      <div class="mc-stack">
        <CommandButton desk={desk} name="business.add" payload={payload} tone="primary" missing={(!payload.title || !payload.reason) && t("Write the title and why it cannot wait first.")} onDone={() => desk.close()}>{t("Add the item")}</CommandButton>
      </div>
    </>
  );
}

function Field({ label, value, most }: { label: string; value: Signal<string>; most: number }): JSX.Element {
  return (
    <label class="mc-field">
      <span>{label}</span>
      <input type="text" maxLength={most} value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
    </label>
  );
}

interface ChoiceProps {
  label: string;
  value: Signal<number | null>;
  items: readonly ItemView[];
  /** What no item stands for. */
  last?: string;
  words?: (name: string) => string;
}

function Choice({ label, value, items, last, words = (name) => name }: ChoiceProps): JSX.Element {
  return (
    <label class="mc-field">
      <span>{label}</span>
      <select value={value.value === null ? "" : String(value.value)} onChange={(event) => (value.value = event.currentTarget.value ? Number(event.currentTarget.value) : null)}>
        {last && <option value="">{last}</option>}
        {items.map((item) => <option key={item.id} value={String(item.id)}>{words(nameOf(item))}</option>)}
      </select>
    </label>
  );
}

function nameOf(item: ItemView): string {
  return `${item.number} ${item.title || t("(title not published)")}`.trim();
}
