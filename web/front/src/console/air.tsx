/** What is on air: the pictures, the levels, and the controls of the gate. */

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import { Delay, Held } from "./delay";
import type { Desk } from "./desk";
import { letter } from "./keys";
import { CommandButton, Panel, PressButton, ProgrammeMeter, SourceMeter } from "./parts";
import { Picture } from "./picture";
import { Presentation } from "./presentation";
import { isRunning } from "./public-state";

const second = signal(0);
setInterval(() => {
  if (!document.hidden) second.value = Date.now();
}, 1000);

export function Air({ desk }: { desk: Desk }): JSX.Element {
  const studio = desk.engine.value?.studio ?? null;
  const rehearsal = desk.staff.value.rehearsal ?? false;
  // Nothing comes out of a rehearsal's gate: what would come out is the programme, while it is open.
  const shown = rehearsal && studio?.gate.state === "open" ? "programme" : "public";
  const sees = rehearsal ? t("The public would see") : t("The public see");
  const chamber = studio?.feeds.find((feed) => feed.source === "chamber") ?? studio?.feeds.find((feed) => ["whip", "rtmp", "srt", "file", "test"].includes(feed.kind));
  return (
    <Panel title={t("On air")} class="mc-air" aside={
      <span class="mc-links">
        <a href={desk.page.urls.display} target="_blank" rel="noopener">{t("Chamber display")}</a>
        <a href={desk.page.urls.chair} target="_blank" rel="noopener">{t("Chair’s view")}</a>
        {!rehearsal && <a href={desk.page.urls.meeting} target="_blank" rel="noopener">{t("Public page")}</a>}
      </span>
    }>
      <div class="mc-pictures">
        <Still desk={desk} of={shown} title={sees} meter={<ProgrammeMeter desk={desk} label={sees} />} />
        <Still
          desk={desk} of={chamber?.source ?? "chamber"} title={t("Chamber")}
          meter={<SourceMeter desk={desk} source={chamber?.source ?? "chamber"} level={chamber ? chamber.level_dbfs : -100} label={t("Chamber")} />}
        />
      </div>
      <Gate desk={desk} />
      {isRunning(desk.meeting.value.state) && <Delay desk={desk} />}
      <Picture desk={desk} />
      <Presentation desk={desk} />
    </Panel>
  );
}

function Still({ desk, of, title, meter }: { desk: Desk; of: string; title: string; meter: JSX.Element }): JSX.Element {
  const running = isRunning(desk.meeting.value.state);
  const source = `${desk.page.urls.picture}?of=${encodeURIComponent(of)}&at=${second.value}`;
  return (
    <figure class="mc-still" data-of={of}>
      <div class="mc-still__picture">
        {running ? (
          <img
            src={source} width="320" height="180" alt={title}
            onLoad={(event) => (event.currentTarget.hidden = false)} onError={(event) => (event.currentTarget.hidden = true)}
          />
        ) : null}
        <span class="mc-still__none">{running ? t("No picture") : t("The room is not open")}</span>
      </div>
      <figcaption>
        <span>{title}</span>
        {meter}
      </figcaption>
    </figure>
  );
}

function Gate({ desk }: { desk: Desk }): JSX.Element {
  const { state } = desk.meeting.value;
  const open = (name: "private" | "return" | "adjourn" | "technical" | "live" | "end") => () => (desk.dialog.value = { name });
  if (state === "scheduled") {
    return (
      <div class="mc-gate">
        <CommandButton desk={desk} name="meeting.open_room" tone="primary" shortcut={letter("open_room")}>{t("Open the room")}</CommandButton>
        <p>{t("Starts the studio with the slate “starting soon”. The public do not see the room yet.")}</p>
      </div>
    );
  }
  if (!isRunning(state)) return <div class="mc-gate"><p>{t("The meeting is over.")}</p></div>;
  if (state === "pre_show") {
    return (
      <div class="mc-gate">
        <PressButton tone="good" class="mc-gate__main" shortcut={letter("live")} onClick={open("live")}>{t("Go live")}</PressButton>
        <p>{t("The room is open. The public see “starting soon”.")}</p>
      </div>
    );
  }
  const closed = state !== "live";
  return (
    <div class="mc-gate" data-state={state}>
      {closed && <PressButton tone="good" class="mc-gate__main" shortcut={letter("return")} onClick={open("return")}>{t("Return to public")}</PressButton>}
      {state !== "private" && <PressButton tone="danger" class="mc-gate__main" shortcut={letter("private")} onClick={open("private")}>{t("Private session")}<Held desk={desk} drops /></PressButton>}
      {state !== "adjourned" && <PressButton onClick={open("adjourn")}>{t("Adjourn")}<Held desk={desk} drops={false} /></PressButton>}
      {state !== "technical" && <PressButton onClick={open("technical")}>{t("Technical")}<Held desk={desk} drops /></PressButton>}
      <PressButton shortcut={letter("end")} onClick={open("end")}>{t("End meeting")}<Held desk={desk} drops={false} /></PressButton>
    </div>
  );
}
