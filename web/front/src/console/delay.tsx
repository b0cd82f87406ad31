/** How far behind the room the public are, and what a cut does with what they have not seen yet. */

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { t, tn } from "../shared/i18n";
import type { EngineSnapshot } from "../shared/wire";
import type { Desk } from "./desk";

const LONGEST = 60;

export function delayOf(engine: EngineSnapshot | null): number {
  return engine?.studio?.gate.delay_seconds ?? 0;
}

/** Seconds that are held back now; none while the gate is closed. */
export function heldNow(engine: EngineSnapshot | null): number {
  return engine?.studio?.gate.state === "open" ? delayOf(engine) : 0;
}

export function delayWords(seconds: number): string {
  return seconds
    ? tn("The public see this {n} second later.", "The public see this {n} seconds later.", seconds)
    : t("The public see this without a delay.");
}

/** For the button of a cut. */
export function heldWords(seconds: number, drops: boolean): string {
  return drops
    ? t("drops the last {n} s", { n: seconds })
    : t("last {n} s seen first", { n: seconds });
}

export function Held({ desk, drops }: { desk: Desk; drops: boolean }): JSX.Element | null {
  const seconds = heldNow(desk.engine.value);
  return seconds ? <small class="mc-held">{heldWords(seconds, drops)}</small> : null;
}

/** In the dialog of a cut. */
export function DropChoice({ desk, drop }: { desk: Desk; drop: Signal<boolean> }): JSX.Element | null {
  const seconds = heldNow(desk.engine.value);
  if (!seconds) return null;
  return (
    <label class="mc-check">
      <input type="checkbox" checked={drop.value} onChange={(event) => (drop.value = event.currentTarget.checked)} />
      <span>{tn("Drop the last {n} second, which the public have not seen yet", "Drop the last {n} seconds, which the public have not seen yet", seconds)}</span>
    </label>
  );
}

export function Delay({ desk }: { desk: Desk }): JSX.Element | null {
  const engine = desk.engine.value;
  if (!engine?.studio) return null;
  const seconds = delayOf(engine);
  if (desk.meeting.value.state !== "pre_show") {
    return <p class="mc-delay mc-delay__why" role="status">{delayWords(seconds)} {t("It cannot be changed after the meeting has gone live.")} {privateWords(engine)}</p>;
  }
  return <DelayForm desk={desk} seconds={seconds} />;
}

function DelayForm({ desk, seconds }: { desk: Desk; seconds: number }): JSX.Element {
  const wanted = useSignal<string | null>(null);
  const number = Number(wanted.value);
  const fits = wanted.value !== null && wanted.value !== "" && Number.isInteger(number) && number >= 0 && number <= LONGEST;
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (fits && (await desk.run("delay.set", { seconds: number }))) wanted.value = null;
  };
  return (
    <form class="mc-delay" onSubmit={(event) => void send(event)}>
      <span role="status">{delayWords(seconds)}</span>
      <label>
        {t("Delay in seconds, 0 to 60")}
        <input
          type="number" min="0" max={String(LONGEST)} step="1" required value={wanted.value ?? String(seconds)}
          onInput={(event) => (wanted.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="mc-button" disabled={!fits || desk.isFlying("delay.set")}>{t("Set the delay")}</button>
      <span class="mc-delay__why">{t("A cut can drop what was said in that time. It is chosen before the meeting is live, and stays.")}</span>
    </form>
  );
}

/** Whether the private part is recorded: said before and while it is private. */
export function privateWords(engine: EngineSnapshot | null): string {
  const studio = engine?.studio;
  if (!studio) return "";
  if (studio.private_recording) return studio.private_recording;
  return studio.seals_private
    ? t("A private session is recorded for the council in a sealed file, which only the holder of its key can open.")
    : t("A private session is not recorded.");
}
