/** A member's point of order: raised with or without a name, ended in one press. The time of who is on air stands meanwhile. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { PointOfOrder } from "../shared/wire";
import type { Desk } from "./desk";
import { letter, takesPoints } from "./keys";
import { CloseButton, Dialog, PressButton, Trouble } from "./parts";

const RAISE = "point_of_order.raise";
const END = "point_of_order.end";

/** "Point of order: Cllr Jane Doe". */
export function pointWords({ name }: PointOfOrder): string {
  return name ? t("Point of order: {name}", { name }) : t("Point of order");
}

/** The key: ends the one that is being heard, else asks whose it is. */
export function stepPointOfOrder(desk: Desk): void {
  const point = desk.staff.peek().point_of_order;
  if (point) end(desk, point);
  else desk.dialog.value = { name: "point" };
}

function end(desk: Desk, point: PointOfOrder): void {
  void desk.run(END, { since: point.since_ms }, END);
}

export function PointButton({ desk }: { desk: Desk }): JSX.Element | null {
  const staff = desk.staff.value;
  if (!takesPoints(staff) || staff.point_of_order) return null;
  return <PressButton shortcut={letter("point_of_order")} onClick={() => stepPointOfOrder(desk)}>{t("Point of order")}</PressButton>;
}

/** Above the speakers, while it is being heard. */
export function PointHeard({ desk }: { desk: Desk }): JSX.Element | null {
  const point = desk.staff.value.point_of_order;
  if (!point) return null;
  return (
    <div class="mc-point">
      <span role="status"><strong>{pointWords(point)}</strong> <span class="mc-row__about">{t("since {time}", { time: timeOfDay(point.since_ms) })}</span></span>
      <PressButton tone="primary" shortcut={letter("point_of_order")} disabled={desk.isFlying(END)} onClick={() => end(desk, point)}>{t("End it")}</PressButton>
    </div>
  );
}

export function PointDialog({ desk }: { desk: Desk }): JSX.Element {
  const name = useSignal("");
  const { expected = [] } = desk.page;
  const raise = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await desk.run(RAISE, { name: name.value.trim() }, RAISE)) desk.close();
  };
  return (
    <Dialog desk={desk} title={t("Point of order")}>
      <p>{t("The time of who is on air stands still until you end it. The chair and the chamber see it at once, and it goes into the index.")}</p>
      <form onSubmit={(event) => void raise(event)}>
        <label class="mc-field">
          <span>{t("Who raises it (you may leave it empty)")}</span>
          <input type="text" list="mc-expected" maxLength={80} autocomplete="off" autofocus value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <datalist id="mc-expected">{expected.map((one) => <option key={one} value={one} />)}</datalist>
        <Trouble desk={desk} />
        <div class="mc-dialog__buttons">
          <button type="submit" class="mc-button mc-button--primary" disabled={desk.isFlying(RAISE)}>{t("Raise it")}</button>
          <CloseButton desk={desk} />
        </div>
      </form>
    </Dialog>
  );
}
