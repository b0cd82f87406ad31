/** What the keys of the console do now. */

import { goNext, undoStep } from "./agenda";
import type { Desk } from "./desk";
import { KEYS, keyFor, LAYOUT_KEYS, type Act, type KeyRow } from "./keys";
import { layOut, layouts, showNames } from "./picture";
import { stepPointOfOrder } from "./point-of-order";
import { about } from "./question-words";
import { aimedAt, moveSelection, stepQuestion } from "./questions";
import { askNext } from "./raised";
import type { Shortcuts } from "./shortcuts";
import { stepSpeaker } from "./speakers";

const ACTS: Record<Act, (desk: Desk) => void> = {
  next: goNext,
  undo: undoStep,
  speaker: stepSpeaker,
  approve: (desk) => {
    const question = aimedAt(desk);
    if (question) void desk.run("question.approve", about(question));
  },
  answer_aloud: stepQuestion,
  reject: (desk) => decide(desk, "reject"),
  merge: (desk) => decide(desk, "merge"),
  write: (desk) => decide(desk, "answer"),
  point_of_order: stepPointOfOrder,
  freeze: (desk) => void desk.run("questions.freeze", { frozen: !desk.meeting.peek().questions_frozen }),
  hand: askNext,
  mark_next: (desk) => moveSelection(desk, 1),
  mark_previous: (desk) => moveSelection(desk, -1),
  names: showNames,
  open_room: (desk) => void desk.run("meeting.open_room"),
};

/** Those that do something as the meeting is. */
export function shortcuts(desk: Desk): Shortcuts {
  const rows = KEYS.filter((row) => !("when" in row) || row.when(desk.staff.peek()));
  const keys: Shortcuts = Object.fromEntries(rows.map((row) => [keyFor(row.action), () => press(desk, row)]));
  layouts().forEach(([layout], number) => (keys[LAYOUT_KEYS[number] ?? ""] = () => layOut(desk, layout)));
  return keys;
}

function press(desk: Desk, row: KeyRow): void {
  if ("opens" in row) desk.dialog.value = { name: row.opens };
  else ACTS[row.action](desk);
}

function decide(desk: Desk, name: "reject" | "merge" | "answer"): void {
  const question = aimedAt(desk);
  if (question) desk.dialog.value = { name, id: question.id };
}
