/** The keys of the console, in one table: what they do, the buttons' letters and the list of keys are made of it. */

import { signal } from "@preact/signals";
import { read, write } from "../shared/device";
import { t } from "../shared/i18n";
import type { MeetingState, StaffSnapshot } from "../shared/wire";
import type { DialogName } from "./desk";
import { isOver } from "./public-state";

interface Row {
  action: string;
  key: string;
  words: () => string;
  /** Where it does something; without it, everywhere. */
  when?: (staff: StaffSnapshot) => boolean;
  /** What it opens; without it, `keyboard.ts` says what it does. */
  opens?: DialogName;
}

const CLOSED: readonly MeetingState[] = ["adjourned", "suspended", "technical"];
const inState = (...states: MeetingState[]) => (staff: StaffSnapshot): boolean => states.includes(staff.public.state);
const isWebinar = (staff: StaffSnapshot): boolean => staff.public.kind === "webinar";
/** A webinar has no members who could raise one. */
export const takesPoints = (staff: StaffSnapshot): boolean => staff.public.state === "live" && !isWebinar(staff);
const someAsk = (staff: StaffSnapshot): boolean => staff.pending.length > 0;
const someRegistered = (staff: StaffSnapshot): boolean => staff.speakers.some((row) => row.state === "submitted" && (row.part ?? "speaker") === "speaker");

/** In the order of the list of keys. */
export const KEYS = [
  { action: "next", key: "n", words: () => t("Next item") },
  { action: "undo", key: "u", words: () => t("Undo what you did last, within 30 seconds; a cut is never undone") },
  { action: "confirm", key: "i", words: () => t("Confirm who may speak, all at once"), opens: "confirm", when: someRegistered },
  { action: "speaker", key: "s", words: () => t("Next step for the first speaker: call, on air, take off") },
  { action: "approve", key: "a", words: () => t("Approve the marked question"), when: someAsk },
  { action: "approve_all", key: "b", words: () => t("Approve questions together, after reading them"), opens: "approve", when: someAsk },
  { action: "answer_aloud", key: "t", words: () => t("Next step for the first public question: being answered, answered") },
  { action: "reject", key: "x", words: () => t("Reject the marked question"), when: someAsk },
  { action: "merge", key: "m", words: () => t("Merge the marked question"), when: someAsk },
  { action: "write", key: "w", words: () => t("Answer the marked question in writing"), when: someAsk },
  { action: "result", key: "v", words: () => t("Enter the result of a vote"), opens: "result" },
  { action: "order", key: "y", words: () => t("Order of business: defer, move or add an item, and how long each takes"), opens: "order", when: (staff) => !isOver(staff.public.state) },
  { action: "point_of_order", key: "!", words: () => t("Point of order: raise one, or end the one that is heard"), when: takesPoints },
  { action: "note", key: "d", words: () => t("Write a note for the minutes"), opens: "note" },
  { action: "freeze", key: "f", words: () => t("Freeze questions, or let them flow again") },
  { action: "questions", key: "q", words: () => t("Questions: moderation, items, downloads"), opens: "questions" },
  { action: "polls", key: "z", words: () => t("Polls of a webinar"), opens: "polls", when: isWebinar },
  { action: "hand", key: "h", words: () => t("Ask the next raised hand of a webinar to come on air"), when: isWebinar },
  { action: "discussions", key: "g", words: () => t("Discussions before the meeting"), opens: "discussions" },
  { action: "mark_next", key: "j", words: () => t("Mark the next question") },
  { action: "mark_previous", key: "k", words: () => t("Mark the previous question") },
  { action: "names", key: "c", words: () => t("Show or hide names in the picture") },
  { action: "open_room", key: "o", words: () => t("Open the room"), when: inState("scheduled") },
  { action: "live", key: "l", words: () => t("Go live"), opens: "live", when: inState("pre_show") },
  { action: "private", key: "p", words: () => t("Private session"), opens: "private", when: inState("live", ...CLOSED) },
  { action: "return", key: "r", words: () => t("Return to public"), opens: "return", when: inState("private", ...CLOSED) },
  { action: "end", key: "e", words: () => t("End the meeting"), opens: "end", when: inState("live", "private", ...CLOSED) },
  { action: "help", key: "?", words: () => t("This list"), opens: "help" },
] as const satisfies readonly Row[];

export type KeyRow = (typeof KEYS)[number];
export type Action = KeyRow["action"];
/** Those that do more than open a dialog. */
export type Act = Exclude<KeyRow, { opens: DialogName }>["action"];

/** Of the layouts, in their order. They keep them. */
export const LAYOUT_KEYS = "01234567";

const STORED = "moothall-console-keys";
type Choices = Partial<Record<Action, string>>;
const choices = signal<Choices>(stored());

/** The key that does it now, on this officer's browser. */
export function keyFor(action: Action): string {
  return keysWith(choices.value)[action];
}

/** As it stands on a button. */
export function letter(action: Action): string {
  return keyFor(action).toUpperCase();
}

/** Which action has this key now. */
export function takenBy(key: string): KeyRow | undefined {
  return KEYS.find((row) => keyFor(row.action) === key);
}

/** Whether a key can stand for an action at all: one character that presses nothing by itself and is no layout's. */
export function isPossible(key: string): boolean {
  return [...key].length === 1 && key.trim() === key && !LAYOUT_KEYS.includes(key);
}

/** Give an action another key. Tells whether it has it now: not when another action has that key, or it cannot be one. */
export function remap(action: Action, pressed: string): boolean {
  const key = pressed.toLowerCase();
  const next: Choices = { ...choices.peek(), [action]: key };
  if (!areGood(next)) return false;
  keep(next);
  return true;
}

export function resetKeys(): void {
  keep({});
}

export function areOwn(): boolean {
  return Object.keys(choices.value).length > 0;
}

function keysWith(own: Choices): Record<Action, string> {
  return Object.fromEntries(KEYS.map(({ action, key }) => [action, own[action] ?? key])) as Record<Action, string>;
}

function areGood(own: Choices): boolean {
  const all = Object.values(keysWith(own));
  return all.every((key) => typeof key === "string" && isPossible(key)) && new Set(all).size === all.length;
}

function keep(own: Choices): void {
  choices.value = Object.fromEntries(KEYS.filter(({ action, key }) => (own[action] ?? key) !== key).map(({ action }) => [action, own[action]]));
  write(STORED, areOwn() ? JSON.stringify(choices.value) : null);
}

/** What the browser kept; nothing of it where the table has changed since and two would have one key. */
function stored(): Choices {
  try {
    const own = JSON.parse(read(STORED) ?? "{}") as Choices;
    return own && typeof own === "object" && areGood(own) ? own : {};
  } catch {
    return {};
  }
}
