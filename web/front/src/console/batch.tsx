/** Several at once, after reading them: what is ticked is done one after the other. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { itemNumber } from "../shared/format";
import { t } from "../shared/i18n";
import type { SpeakerRow, StaffQuestion } from "../shared/wire";
import type { Desk } from "./desk";
import { CloseButton, Dialog, PressButton, Trouble } from "./parts";
import { about } from "./question-words";
import { unconfirmed } from "./queue";

/** No more than one reads at once. */
const AT_ONCE = 30;

interface Choice {
  id: number;
  text: string;
  from: string;
  /** Why it is not ticked by itself. */
  careful: string;
  payload: object;
}

function origin(desk: Desk, who: string, item: number | null): string {
  const found = desk.meeting.value.agenda.find((candidate) => candidate.id === item);
  return found ? `${who} · ${t("Item {number}", { number: itemNumber(found) })}` : who;
}

function questionChoice(desk: Desk, question: StaffQuestion): Choice {
  const { id, text, author, item_id: item, flags = [] } = question;
  const careful = flags.length ? t("Look closely: {flags}", { flags: flags.join(", ") }) : "";
  return { id, text, from: origin(desk, author || t("Anonymous"), item), careful, payload: about(question) };
}

function speakerChoice(desk: Desk, row: SpeakerRow): Choice {
  const careful = row.late ? t("came late: the chair decides") : "";
  return { id: row.id, text: row.name, from: origin(desk, row.summary, row.item_id), careful, payload: { registration_id: row.id } };
}

export function ApproveDialog({ desk }: { desk: Desk }): JSX.Element {
  const waiting = desk.staff.value.pending.map((question) => questionChoice(desk, question));
  return (
    <Batch
      desk={desk} title={t("Approve questions together")} name="question.approve" waiting={waiting}
      button={(n) => t("Approve {n}", { n })} none={t("No question is waiting.")}
    />
  );
}

export function ConfirmDialog({ desk }: { desk: Desk }): JSX.Element {
  const waiting = unconfirmed(desk.staff.value.speakers).map((row) => speakerChoice(desk, row));
  return (
    <Batch
      desk={desk} title={t("Confirm who may speak")} name="speaker.confirm" waiting={waiting}
      button={(n) => t("Confirm {n}", { n })} none={t("Nobody waits to be confirmed.")}
    />
  );
}

interface BatchProps {
  desk: Desk;
  title: string;
  name: string;
  waiting: Choice[];
  button: (n: number) => string;
  none: string;
}

function Batch({ desk, title, name, waiting, button, none }: BatchProps): JSX.Element {
  // What came or changed after the dialog opened has not been read: it is for the next time.
  const opened = useSignal(waiting.slice(0, AT_ONCE)).value;
  const left = useSignal<ReadonlySet<number>>(new Set(opened.filter((one) => one.careful).map((one) => one.id)));
  const busy = useSignal(false);
  const shown = opened.filter((one) => waiting.some((now) => now.id === one.id && JSON.stringify(now.payload) === JSON.stringify(one.payload)));
  const ticked = shown.filter((one) => !left.value.has(one.id));
  const toggle = (id: number): void => {
    const next = new Set(left.value);
    if (!next.delete(id)) next.add(id);
    left.value = next;
  };
  const go = async (): Promise<void> => {
    busy.value = true;
    const done = await inTurn(desk, name, ticked);
    busy.value = false;
    if (done) desk.close();
  };
  return (
    <Dialog desk={desk} title={title}>
      {!shown.length && <p>{none}</p>}
      <ul class="mc-batch">
        {shown.map((one) => (
          <li key={one.id}>
            <label>
              <input type="checkbox" checked={!left.value.has(one.id)} onChange={() => toggle(one.id)} />
              <span>{one.text} <small>{one.from}</small>{one.careful && <em class="mc-flags">{one.careful}</em>}</span>
            </label>
          </li>
        ))}
      </ul>
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <PressButton tone="primary" first disabled={busy.value || !shown.length} missing={!ticked.length && t("Tick one at least.")} busy={busy.value} onClick={() => void go()}>{button(ticked.length)}</PressButton>
        <CloseButton desk={desk} />
      </div>
    </Dialog>
  );
}

/** Until the first that is refused: what it says must stay to be read. */
async function inTurn(desk: Desk, name: string, choices: Choice[]): Promise<boolean> {
  for (const one of choices) {
    // What is left then is the officer's own doing, and stood in this list: a key may act on it at once.
    for (const aim of Object.values(desk.aims)) aim.expect();
    if (!(await desk.run(name, one.payload))) return false;
  }
  return true;
}
