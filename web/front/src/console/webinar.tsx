/** What a webinar has beside other meetings, in the smallest place: who comes, the poll that is on, feedback at the end. */

import type { JSX } from "preact";
import { t, tn } from "../shared/i18n";
import type { StaffPoll } from "../shared/wire";
import type { Desk } from "./desk";
import { Feedback } from "./feedback";
import { letter } from "./keys";
import { Panel, PressButton } from "./parts";
import { PollRow } from "./polls";

/** The poll an officer has to do with now: the last that is open, else the last whose figures are public. */
export function currentPoll(polls: readonly StaffPoll[]): StaffPoll | null {
  return polls.findLast((poll) => poll.state === "open") ?? polls.findLast((poll) => poll.shown) ?? null;
}

export function WebinarPanel({ desk }: { desk: Desk }): JSX.Element | null {
  if (desk.meeting.value.kind !== "webinar") return null;
  const feedback = desk.staff.value.feedback;
  const poll = currentPoll(desk.staff.value.polls ?? []);
  return (
    <Panel
      title={t("Webinar")} class="mc-webinar"
      aside={
        <>
          <span class="mc-count">{tn("{n} registered", "{n} registered", desk.staff.value.attending ?? 0)}</span>
          <PressButton shortcut={letter("polls")} onClick={() => (desk.dialog.value = { name: "polls" })}>{t("Polls…")}</PressButton>
        </>
      }
    >
      {feedback ? <Feedback feedback={feedback} meeting={desk.page.ref} /> : poll ? <ul class="mc-rows"><PollRow desk={desk} poll={poll} /></ul> : <p class="mc-none">{t("No poll is open.")}</p>}
    </Panel>
  );
}
