/** The console: one screen. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import { RunOfShow } from "./agenda";
import { Air } from "./air";
import { Alarms } from "./alarms";
import { ChecklistPanel } from "./checklist";
import type { Desk } from "./desk";
import { Dialogs } from "./dialogs";
import { Duty } from "./duty";
import { Feeds } from "./feeds";
import { Header } from "./header";
import { letter } from "./keys";
import { PressButton } from "./parts";
import { publicWord } from "./public-state";
import { Questions } from "./questions";
import { Speakers } from "./speakers";
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
        <PressButton shortcut={letter("help")} onClick={() => (desk.dialog.value = { name: "help" })}>{t("Keys")}</PressButton>
      </footer>
      <Dialogs desk={desk} />
    </div>
  );
}
