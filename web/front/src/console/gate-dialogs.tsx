/** The dialogs that change what the public see. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { t, tn } from "../shared/i18n";
import { Checklist, markKeys, missing } from "./checklist";
import { useConfirmed } from "./confirmed";
import { DropChoice, heldNow, privateWords } from "./delay";
import type { Desk } from "./desk";
import { CloseButton, Dialog, PressButton, Trouble } from "./parts";
import type { Shortcuts } from "./shortcuts";

/** Schedule 12A to the Local Government Act 1972, Part 1 (England), in short words. */
function paragraphs(): [number, string][] {
  return [
    [1, t("an individual")],
    [2, t("likely to reveal who an individual is")],
    [3, t("financial or business affairs")],
    [4, t("labour relations")],
    [5, t("legal professional privilege")],
    [6, t("notices, orders or directions")],
    [7, t("prevention or prosecution of crime")],
  ];
}

interface GoProps {
  desk: Desk;
  name: string;
  payload: object;
  tone: "danger" | "good" | "primary";
  /** Has the focus when the dialog opens. */
  first?: boolean;
  shortcut?: string;
  missing?: string | false;
  children: ComponentChildren;
}

async function carryOut(desk: Desk, name: string, payload: object): Promise<void> {
  const answer = await desk.run<{ warning?: string }>(name, payload, name);
  if (!answer) {
    // What it asked is not the question any more. Opened again, it asks with the new state before one.
    if (desk.conflicted && "since" in payload) desk.close();
    return;
  }
  if (answer.warning) desk.note(answer.warning);
  desk.close();
}

/** The button that does it; the dialog closes when it is done. */
export function Go({ desk, name, payload, tone, children, ...rest }: GoProps): JSX.Element {
  const flying = desk.isFlying(name);
  return <PressButton {...rest} tone={tone} disabled={flying} busy={flying} onClick={() => void carryOut(desk, name, payload)}>{children}</PressButton>;
}

/** Yes, to what is asked carefully. It is no key that asks, and Enter says no there. */
function yes(desk: Desk, name: string, confirmed: object): Shortcuts {
  return { y: () => void carryOut(desk, name, confirmed) };
}

/** `careful`: a key pressed twice by mistake must not do what cannot be taken back. */
export function Buttons({ desk, careful, children }: { desk: Desk; careful?: boolean; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">{children}<CloseButton desk={desk} first={careful ?? false} /></div>
    </>
  );
}

function Back({ value }: { value: { value: string } }): JSX.Element {
  return (
    <label class="mc-field">
      <span>{t("Expected back (may stay empty)")}</span>
      <input type="time" value={value.value} onInput={(event) => (value.value = event.currentTarget.value)} />
    </label>
  );
}

/** No gate of ours is between the chamber's telephone and the room. */
function OnTheTelephone({ desk }: { desk: Desk }): JSX.Element | null {
  const here = desk.staff.value.speakers.filter((row) => row.by_phone && ["checked_in", "called", "on_air"].includes(row.state));
  if (!here.length) return null;
  const names = here.map((row) => row.name).join(", ");
  return <p class="mc-dialog__trouble">{t("On the chamber’s telephone: {names}. They hear the room until you hang up there.", { names })}</p>;
}

export function PrivateDialog({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const item = useSignal<number | null>(defaultItem(desk));
  const chosen = useSignal<number[]>([]);
  const reason = useSignal("");
  const back = useSignal("");
  const toggle = (number: number): void => {
    chosen.value = chosen.value.includes(number) ? chosen.value.filter((other) => other !== number) : [...chosen.value, number].sort((a, b) => a - b);
  };
  const drop = useSignal(true);
  const payload = { item_id: item.value, paragraphs: chosen.value, reason: reason.value, expected_back: back.value || null, drop: drop.value };
  return (
    <Dialog desk={desk} title={t("Private session")} tone="danger" keys={Object.fromEntries(paragraphs().map(([number]) => [`${number}`, () => toggle(number)]))}>
      <p>{t("From the next picture on, every public output shows a slate with the reason and carries silence: players, rewind, recording and stills. Nothing from the room gets out.")}</p>
      <p>{privateWords(desk.engine.value)}</p>
      <OnTheTelephone desk={desk} />
      <label class="mc-field">
        <span>{t("Item")}</span>
        <select value={item.value === null ? "" : String(item.value)} onChange={(event) => (item.value = event.currentTarget.value ? Number(event.currentTarget.value) : null)}>
          <option value="">{t("No particular item")}</option>
          {meeting.agenda.filter((candidate) => !candidate.heading).map((candidate) => (
            <option key={candidate.id} value={String(candidate.id)}>{candidate.number} {candidate.title}{candidate.restricted ? ` (${t("restricted")})` : ""}</option>
          ))}
        </select>
      </label>
      <fieldset class="mc-field mc-paragraphs">
        <legend>{t("Exempt under Schedule 12A, paragraph")}</legend>
        {paragraphs().map(([number, words]) => (
          <label key={number}>
            <input type="checkbox" checked={chosen.value.includes(number)} aria-keyshortcuts={`${number}`} onChange={() => toggle(number)} />
            <span><kbd class="mc-key">{number}</kbd> {words}</span>
          </label>
        ))}
      </fieldset>
      <div class="mc-pair">
        <Back value={back} />
        <label class="mc-field">
          <span>{t("Note for the log")}</span>
          <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </label>
      </div>
      <DropChoice desk={desk} drop={drop} />
      <Buttons desk={desk}><Go desk={desk} name="meeting.private" payload={payload} tone="danger" first>{t("Exclude the public now")}</Go></Buttons>
    </Dialog>
  );
}

/** The current item when it is restricted, else the next that is, else the current one. */
export function defaultItem(desk: Desk): number | null {
  const { agenda, now_item_id: now } = desk.meeting.peek();
  const at = agenda.findIndex((item) => item.id === now);
  if (agenda[at]?.restricted) return now;
  return agenda.slice(at + 1).find((item) => item.restricted)?.id ?? now;
}

export function ReturnDialog({ desk }: { desk: Desk }): JSX.Element {
  const confirmed = useConfirmed(desk, desk.meeting.peek().state === "live");
  return (
    <Dialog desk={desk} title={t("Return to public")} tone="danger" keys={yes(desk, "meeting.return", confirmed)}>
      <p class="mc-dialog__large">{t("The public will see and hear the room.")}</p>
      <p>{t("Make sure that the private business is over, that papers are put away, and that nobody is still speaking about it.")}</p>
      <Buttons desk={desk} careful>
        <Go desk={desk} name="meeting.return" payload={confirmed} tone="good" shortcut="Y">{t("Yes, open to the public")}</Go>
      </Buttons>
    </Dialog>
  );
}

export function LiveDialog({ desk }: { desk: Desk }): JSX.Element {
  const confirmed = useConfirmed(desk);
  const lacking = missing(desk.checks.value).length;
  return (
    <Dialog desk={desk} title={t("Go live")} keys={markKeys(desk)}>
      <p class="mc-dialog__large">{t("The public will see and hear the room, and recording begins.")}</p>
      {lacking > 0 && <p class="mc-dialog__trouble">{tn("{n} thing is missing. You decide whether the meeting begins without it.", "{n} things are missing. You decide whether the meeting begins without them.", lacking)}</p>}
      <Checklist desk={desk} keys />
      <Buttons desk={desk}>
        <Go desk={desk} name="meeting.go_live" payload={confirmed} tone={lacking ? "danger" : "good"} first>
          {lacking ? t("Go live all the same") : t("Go live now")}
        </Go>
      </Buttons>
    </Dialog>
  );
}

export function EndDialog({ desk }: { desk: Desk }): JSX.Element {
  const confirmed = useConfirmed(desk);
  return (
    <Dialog desk={desk} title={t("End the meeting")} keys={yes(desk, "meeting.end", confirmed)}>
      <p class="mc-dialog__large">{t("The broadcast and the recording end, and the recording is published with its chapters.")}</p>
      {heldNow(desk.engine.value) > 0 && <p>{t("What the public have not seen yet is shown to its end first.")}</p>}
      <p>{t("This cannot be undone.")}</p>
      <Buttons desk={desk} careful>
        <Go desk={desk} name="meeting.end" payload={confirmed} tone="danger" shortcut="Y">{t("End the meeting now")}</Go>
      </Buttons>
    </Dialog>
  );
}

export function AdjournDialog({ desk }: { desk: Desk }): JSX.Element {
  const reason = useSignal("");
  const back = useSignal("");
  const drop = useSignal(false);
  return (
    <Dialog desk={desk} title={t("Adjourn")}>
      <p>{t("The public see that the meeting is adjourned, and hear nothing.")}</p>
      <div class="mc-pair">
        <Back value={back} />
        <label class="mc-field">
          <span>{t("Reason, shown to the public (may stay empty)")}</span>
          <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </label>
      </div>
      <DropChoice desk={desk} drop={drop} />
      <Buttons desk={desk}>
        <Go desk={desk} name="meeting.adjourn" payload={{ reason: reason.value, expected_back: back.value || null, drop: drop.value }} tone="primary">{t("Adjourn now")}</Go>
      </Buttons>
    </Dialog>
  );
}

type Suspension = "disturbance" | "rights" | "prejudice";

export function TechnicalDialog({ desk }: { desk: Desk }): JSX.Element {
  const reason = useSignal("");
  const drop = useSignal(true);
  const kind = useSignal<"technical" | Suspension>("technical");
  const kinds: [typeof kind.value, string][] = [
    ["technical", t("Technical fault")],
    ["disturbance", t("Suspended: disturbance")],
    ["rights", t("Suspended: rights or legal risk")],
    ["prejudice", t("Suspended: prejudice to the proceedings")],
  ];
  return (
    <Dialog desk={desk} title={t("Interrupt the broadcast")}>
      <p>{t("The public see a slate with the reason, and hear nothing.")}</p>
      <fieldset class="mc-field mc-kinds">
        <legend>{t("Why")}</legend>
        {kinds.map(([value, words]) => (
          <label key={value}>
            <input type="radio" name="kind" checked={kind.value === value} onChange={() => (kind.value = value)} /> <span>{words}</span>
          </label>
        ))}
      </fieldset>
      {kind.value === "technical" && (
        <label class="mc-field">
          <span>{t("What is being done, shown to the public (may stay empty)")}</span>
          <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
        </label>
      )}
      <DropChoice desk={desk} drop={drop} />
      <Buttons desk={desk}>
        {kind.value === "technical"
          ? <Go desk={desk} name="meeting.technical" payload={{ reason: reason.value, drop: drop.value }} tone="primary">{t("Interrupt now")}</Go>
          : <Go desk={desk} name="meeting.suspend" payload={{ reason: kind.value, drop: drop.value }} tone="primary">{t("Suspend now")}</Go>}
      </Buttons>
    </Dialog>
  );
}
