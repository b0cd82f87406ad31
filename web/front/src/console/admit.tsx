/** Bringing somebody on air: a countdown for them first; a second press does it at once. */

import type { JSX } from "preact";
import { tick } from "../shared/clock";
import { t } from "../shared/i18n";
import type { SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton, PressButton } from "./parts";

export const COUNTDOWN_SECONDS = 5;

/** Who is on the telephone has no page that counts down. */
export async function bringOnAir(desk: Desk, row: SpeakerRow): Promise<void> {
  const payload = { registration_id: row.id, seen: row.state };
  if (row.by_phone || row.on_air_ms) {
    await desk.run("speaker.admit", payload);
    return;
  }
  if (!(await desk.run("speaker.cue", { ...payload, seconds: COUNTDOWN_SECONDS }))) return;
  setTimeout(() => void arrive(desk, row.id), COUNTDOWN_SECONDS * 1000);
}

/** Unless it was called off meanwhile, or somebody was quicker. A console that is closed lets nobody in. */
async function arrive(desk: Desk, id: number): Promise<void> {
  const row = desk.staff.peek().speakers.find((candidate) => candidate.id === id);
  if (row?.state === "called" && row.on_air_ms && desk.clock.now() >= row.on_air_ms - 1000) await desk.run("speaker.admit", { registration_id: id, seen: row.state });
}

export function Admit({ desk, row, shortcut }: { desk: Desk; row: SpeakerRow; shortcut?: string }): JSX.Element {
  const payload = { registration_id: row.id };
  const busy = desk.isFlying(`speaker.cue:${row.id}`) || desk.isFlying(`speaker.admit:${row.id}`);
  return (
    <>
      <PressButton tone="good" disabled={busy} busy={busy} {...(shortcut ? { shortcut } : {})} onClick={() => void bringOnAir(desk, row)}>
        {row.on_air_ms ? <Left desk={desk} at={row.on_air_ms} /> : t("On air")}
      </PressButton>
      {row.on_air_ms && <CommandButton desk={desk} name="speaker.cue" payload={{ ...payload, seconds: 0 }}>{t("Not yet")}</CommandButton>}
    </>
  );
}

function Left({ desk, at }: { desk: Desk; at: number }): JSX.Element {
  tick();
  const left = Math.max(0, Math.ceil((at - desk.clock.now()) / 1000));
  return <>{t("On air in {n}, or now", { n: left })}</>;
}
