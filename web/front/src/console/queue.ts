/** The queue of speakers: who comes when. */

import type { PublicSnapshot, SpeakerRow, SpeakerState } from "../shared/wire";

const ORDER: readonly SpeakerState[] = ["on_air", "called", "checked_in", "confirmed", "submitted", "waiting_list", "no_show", "done", "declined", "withdrawn", "revoked", "removed"];

/** Who is called or on air has begun, and stays first. */
export const MOVABLE: readonly SpeakerState[] = ["checked_in", "confirmed"];

/** The agenda as it stands, and where in it the meeting is. */
export type Business = Pick<PublicSnapshot, "now_item_id" | "agenda">;

export function isInvited(row: SpeakerRow): boolean {
  return (row.part ?? "speaker") !== "speaker";
}

/** Who waits for an officer's yes to speak. */
export function unconfirmed(rows: readonly SpeakerRow[]): SpeakerRow[] {
  return rows.filter((row) => row.state === "submitted" && !isInvited(row));
}

/** By what needs hands first; within a state as officers put them, else those of the current item first, as the agenda has it, by place. */
export function inOrder(rows: readonly SpeakerRow[], { now_item_id: nowItem, agenda }: Business): SpeakerRow[] {
  const turns = new Map(agenda.map((item, at) => [item.id, at]));
  const turn = (row: SpeakerRow): number => turns.get(row.item_id ?? 0) ?? 0;
  const put = (row: SpeakerRow): number => (MOVABLE.includes(row.state) ? (row.rank ?? Infinity) : 0);
  const notHere = (row: SpeakerRow): number => (isPutOff(row, agenda) ? 1 : 0);
  const away = (row: SpeakerRow): number => (row.item_id === nowItem ? 0 : 1);
  return [...rows].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || notHere(a) - notHere(b) || put(a) - put(b) || away(a) - away(b) || turn(a) - turn(b) || a.place - b.place);
}

/** Whether the item on which they speak is taken at another meeting. */
export function isPutOff(row: SpeakerRow, agenda: PublicSnapshot["agenda"]): boolean {
  return agenda.some((item) => item.id === row.item_id && item.state === "put_off");
}

/** The key S does the next sensible thing: take off who is on air, admit who is called, call who is ready. */
export function nextStep(rows: readonly SpeakerRow[], business: Business): { command: string; row: SpeakerRow } | null {
  const first = inOrder(rows, business)[0];
  if (first?.state === "on_air") return { command: "speaker.finish", row: first };
  if (first?.state === "called") return { command: "speaker.admit", row: first };
  if (first?.state === "checked_in" && !isPutOff(first, business.agenda)) return { command: "speaker.call", row: first };
  return null;
}

/** The whole list with one of them a place further up, as it is to be; null where nobody of the same state is above. */
export function movedUp(rows: readonly SpeakerRow[], business: Business, id: number): number[] | null {
  const list = inOrder(rows.filter((row) => !isInvited(row) && MOVABLE.includes(row.state)), business);
  const at = list.findIndex((row) => row.id === id);
  const above = list[at - 1];
  if (!above || above.state !== list[at]?.state) return null;
  const ids = list.map((row) => row.id);
  ids.splice(at - 1, 2, id, above.id);
  return ids;
}
