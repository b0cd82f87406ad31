/** Who runs the meeting, who else is here, and handing it over. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { ClerkView, StaffSnapshot } from "../shared/wire";
import type { Desk } from "./desk";
import { CloseButton, CommandButton, Dialog, PressButton, Trouble } from "./parts";
import { isOver } from "./public-state";

/** Whether alarms are for this officer: they run the meeting, or nobody who does is here. */
export function onDuty({ duty }: StaffSnapshot, me: number): boolean {
  return !duty?.officer || !duty.here || duty.officer.staff_id === me;
}

/** The others who have the console open. */
export function others({ clerks = [] }: StaffSnapshot, me: number): ClerkView[] {
  return clerks.filter((clerk) => clerk.staff_id !== me);
}

export function dutyWords(staff: StaffSnapshot, me: number): string {
  const { duty } = staff;
  if (!duty?.officer) return t("Nobody runs the meeting yet.");
  const name = duty.officer.name;
  if (duty.officer.staff_id === me) return t("You run the meeting.");
  return duty.here ? t("{name} runs the meeting.", { name }) : t("{name} runs the meeting and has closed the console.", { name });
}

/** One line of the footer. */
export function Duty({ desk }: { desk: Desk }): JSX.Element {
  const staff = desk.staff.value;
  const me = desk.page.me.id;
  const also = others(staff, me);
  const mine = staff.duty?.officer?.staff_id === me;
  const over = isOver(staff.public.state);
  return (
    <span class="mc-duty">
      <span role="status">{!over && dutyWords(staff, me)}</span>
      {also.length > 0 && <span>{t("Also here: {names}", { names: also.map((clerk) => clerk.name).join(", ") })}</span>}
      {!over && mine && also.length > 0 && <PressButton onClick={() => (desk.dialog.value = { name: "duty" })}>{t("Hand over…")}</PressButton>}
      {!over && !mine && (!staff.duty?.officer || !staff.duty.here) && <CommandButton desk={desk} name="duty.take">{t("Run the meeting")}</CommandButton>}
    </span>
  );
}

/** To whom it is handed over, and who does it, see that until it is taken up or dropped. */
export function Handover({ desk }: { desk: Desk }): JSX.Element | null {
  const { duty } = desk.staff.value;
  const me = desk.page.me.id;
  if (!duty?.offered_to || !duty.officer) return null;
  if (duty.offered_to.staff_id === me) {
    return (
      <p class="mc-alarm mc-alarm--mine">
        <span><strong>{t("{name} hands the meeting over to you.", { name: duty.officer.name })}</strong> {duty.note}</span>
        <span class="mc-alarm__do">
          <CommandButton desk={desk} name="duty.accept" tone="good">{t("Take it over")}</CommandButton>
          <CommandButton desk={desk} name="duty.drop">{t("Not now")}</CommandButton>
        </span>
      </p>
    );
  }
  if (duty.officer.staff_id !== me) return null;
  return (
    <p class="mc-alarm mc-alarm--mine">
      <span>{t("You hand the meeting over to {name}, who has not answered yet. You run it until then.", { name: duty.offered_to.name })}</span>
      <CommandButton desk={desk} name="duty.drop">{t("Keep it")}</CommandButton>
    </p>
  );
}

export function DutyDialog({ desk }: { desk: Desk }): JSX.Element {
  const note = useSignal("");
  const here = others(desk.staff.value, desk.page.me.id);
  return (
    <Dialog desk={desk} title={t("Hand the meeting over")}>
      <p>{t("Alarms are for whoever runs the meeting. Everybody else can go on pressing everything under their own name.")}</p>
      <label class="mc-field">
        <span>{t("What do they have to know?")}</span>
        <input type="text" maxLength={300} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </label>
      <Trouble desk={desk} />
      {!here.length && <p>{t("Nobody else has this console open.")}</p>}
      <div class="mc-dialog__buttons">
        {here.map((clerk) => (
          <CommandButton key={clerk.staff_id} desk={desk} name="duty.offer" payload={{ staff_id: clerk.staff_id, note: note.value.trim() }} tone="primary" onDone={() => desk.close()}>
            {t("Hand over to {name}", { name: clerk.name })}
          </CommandButton>
        ))}
        <CloseButton desk={desk} />
      </div>
    </Dialog>
  );
}
