/** The console: one screen. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import { RunOfShow, goNext, undoStep } from "./agenda";
import { Air } from "./air";
import { Alarms } from "./alarms";
import { unconfirmed } from "./batch";
import { ChecklistPanel } from "./checklist";
import type { Desk } from "./desk";
import { Dialogs } from "./dialogs";
import { Duty } from "./duty";
import { Feeds } from "./feeds";
import { Header } from "./header";
import { PressButton } from "./parts";
import { layOut, layouts, showNames } from "./picture";
import { publicWord } from "./public-state";
import { Questions, about, aimedAt, chosen, moveSelection, stepQuestion } from "./questions";
import { askNext } from "./raised";
import type { Shortcuts } from "./shortcuts";
import { Speakers, stepSpeaker } from "./speakers";
import { WebinarPanel } from "./webinar";

export function App({ desk }: { desk: Desk }): JSX.Element {
  const word = publicWord(desk.meeting.value, desk.engine.value);
  return (
    <div class="mc" data-word={word} data-state={desk.meeting.value.state} data-rehearsal={desk.staff.value.rehearsal ?? false}>
      <Header desk={desk} />
      <Alarms desk={desk} />
      <div class="mc-columns">
        <RunOfShow desk={desk} />
        <div class="mc-middle"><Air desk={desk} /><Feeds desk={desk} /></div>
        <div class="mc-right"><ChecklistPanel desk={desk} /><WebinarPanel desk={desk} /><Speakers desk={desk} /><Questions desk={desk} /></div>
      </div>
      <footer class="mc-footer">
        <span>{t("Signed in as {name}", { name: desk.page.me.name })}</span>
        <Duty desk={desk} />
        <PressButton shortcut="?" onClick={() => (desk.dialog.value = { name: "help" })}>{t("Keys")}</PressButton>
      </footer>
      <Dialogs desk={desk} />
    </div>
  );
}

/** What the keys do now. */
export function shortcuts(desk: Desk): Shortcuts {
  const { state } = desk.meeting.peek();
  const closed = ["private", "adjourned", "suspended", "technical"].includes(state);
  const keys: Shortcuts = {
    n: () => goNext(desk),
    u: () => undoStep(desk),
    s: () => stepSpeaker(desk),
    t: () => stepQuestion(desk),
    j: () => moveSelection(desk, 1),
    k: () => moveSelection(desk, -1),
    c: () => showNames(desk),
    f: () => void desk.run("questions.freeze", { frozen: !desk.meeting.peek().questions_frozen }),
    v: () => (desk.dialog.value = { name: "result" }),
    d: () => (desk.dialog.value = { name: "note" }),
    q: () => (desk.dialog.value = { name: "questions" }),
    g: () => (desk.dialog.value = { name: "discussions" }),
    "?": () => (desk.dialog.value = { name: "help" }),
  };
  layouts().forEach(([layout], number) => (keys[`${number}`] = () => layOut(desk, layout)));
  if (desk.meeting.peek().kind === "webinar") {
    keys["z"] = () => (desk.dialog.value = { name: "polls" });
    keys["h"] = () => askNext(desk);
  }
  if (chosen(desk)) {
    const open = (name: "reject" | "answer" | "merge") => () => {
      const question = aimedAt(desk);
      if (question) desk.dialog.value = { name, id: question.id };
    };
    keys["a"] = () => {
      const question = aimedAt(desk);
      if (question) void desk.run("question.approve", about(question));
    };
    keys["x"] = open("reject");
    keys["w"] = open("answer");
    keys["m"] = open("merge");
  }
  if (desk.staff.peek().pending.length) keys["b"] = () => (desk.dialog.value = { name: "approve" });
  if (unconfirmed(desk.staff.peek().speakers).length) keys["i"] = () => (desk.dialog.value = { name: "confirm" });
  if (state === "scheduled") keys["o"] = () => void desk.run("meeting.open_room");
  if (state === "live" || closed) keys["e"] = () => (desk.dialog.value = { name: "end" });
  if (state === "pre_show") keys["l"] = () => (desk.dialog.value = { name: "live" });
  if (state === "live" || (closed && state !== "private")) keys["p"] = () => (desk.dialog.value = { name: "private" });
  if (closed) keys["r"] = () => (desk.dialog.value = { name: "return" });
  return keys;
}
