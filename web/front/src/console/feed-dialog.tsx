/** How one feed arrives, and what can be done about it here. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { FeedStatus } from "../shared/wire";
import type { Desk, OpenDialog } from "./desk";
import { keyWords, kindWords, lineWords } from "./feed-words";
import { CloseButton, Dialog, PressButton, SourceMeter } from "./parts";
import { isRunning } from "./public-state";

export function FeedDialog({ desk, open }: { desk: Desk; open: OpenDialog }): JSX.Element {
  const source = open.text ?? "chamber";
  const feed = desk.engine.value?.studio?.feeds.find((candidate) => candidate.source === source);
  const go = (name: "feeds" | "technical") => (): void => void (desk.dialog.value = { name });
  return (
    <Dialog desk={desk} title={t("Feed: {name}", { name: feed?.label || source })}>
      {feed ? <Facts desk={desk} feed={feed} /> : <p>{t("No feed of this source is connected.")}</p>}
      <div class="mc-dialog__buttons">
        <PressButton onClick={go("feeds")}>{t("Encoder addresses")}</PressButton>
        {isRunning(desk.meeting.value.state) && desk.meeting.value.state !== "private" && <PressButton onClick={go("technical")}>{t("Show a slate…")}</PressButton>}
        <CloseButton desk={desk}>{t("Close")}</CloseButton>
      </div>
    </Dialog>
  );
}

function Facts({ desk, feed }: { desk: Desk; feed: FeedStatus }): JSX.Element {
  return (
    <dl class="mc-dialog__facts">
      <div><dt>{t("State")}</dt><dd>{feed.sentence}</dd></div>
      <div><dt>{t("Comes by")}</dt><dd>{kindWords(feed)}</dd></div>
      {lineWords(feed) && <div><dt>{t("Line")}</dt><dd>{lineWords(feed)}</dd></div>}
      {keyWords(feed) && <div><dt>{t("Key pictures")}</dt><dd>{keyWords(feed)}. {asked(feed) ? t("A browser sends one whenever it is asked for one.") : t("After a disturbance the picture comes back with the next one: set the encoder to one every 2 seconds.")}</dd></div>}
      <div><dt>{t("Sound")}</dt><dd>{feed.sound ? <SourceMeter desk={desk} source={feed.source} level={feed.level_dbfs} label={feed.label || feed.source} /> : t("none")}</dd></div>
    </dl>
  );
}

/** Whether the studio can ask for a key picture. */
function asked(feed: FeedStatus): boolean {
  return feed.kind !== "rtmp" && feed.kind !== "srt";
}
