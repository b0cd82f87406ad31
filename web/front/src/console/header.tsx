/** The header: what is public, how long, who watches, is it being recorded, and CUT, always in one place. */

import type { JSX } from "preact";
import { tick } from "../shared/clock";
import { clockText } from "../shared/countdown";
import { size, timeOfDay } from "../shared/format";
import { t, tn } from "../shared/i18n";
import type { FeedStatus } from "../shared/wire";
import type { Desk } from "./desk";
import { CutButton } from "./parts";
import { publicSees, publicWord, wordText } from "./public-state";

export function Header({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const engine = desk.engine.value;
  const rehearsal = desk.staff.value.rehearsal ?? false;
  const word = publicWord(meeting, engine);
  tick();
  const now = desk.clock.now();
  return (
    <header class="mc-header">
      <div class="mc-header__meeting">
        <a href="/console" class="mc-header__back">{t("All meetings")}</a>
        <h1>{meeting.title}</h1>
      </div>
      <div class="mc-state" data-word={word} role="status">
        <strong>{wordText(word, rehearsal)}</strong>
        <span>{publicSees(meeting, engine, rehearsal)}</span>
      </div>
      <dl class="mc-facts">
        <Fact label={t("Time")} value={timeOfDay(now, true)} />
        <Fact label={t("Elapsed")} value={elapsed(meeting.live_ms, meeting.ended_ms, now)} />
        <Fact label={t("Viewers")} value={engine ? String(engine.viewers) : "–"} />
        <Recording desk={desk} />
      </dl>
      <Lights feeds={engine?.studio?.feeds ?? []} />
      <CutButton desk={desk} />
    </header>
  );
}

function Fact({ label, value, state, title }: { label: string; value: string; state?: string; title?: string }): JSX.Element {
  return <div data-state={state} title={title}><dt>{label}</dt><dd>{value}</dd></div>;
}

function elapsed(from: number | null, to: number | null, now: number): string {
  return from === null ? "–" : clockText(((to ?? now) - from) / 1000);
}

function Recording({ desk }: { desk: Desk }): JSX.Element {
  const recorder = desk.engine.value?.recorder;
  if (!recorder) return <Fact label={t("REC")} value={t("off")} state="off" />;
  const safe = recorder.last_seconds - recorder.first_seconds;
  return (
    <Fact
      label={t("REC")} value={[clockText(safe), roomWords(desk.engine.value?.disk_hours)].filter(Boolean).join(" · ")} state={recorder.healthy ? "good" : "bad"}
      title={`${recorder.sentence || tn("{n} second is safe on disk", "{n} seconds are safe on disk", Math.floor(safe))} (${size(recorder.bytes)})`}
    />
  );
}

/** How long the disk still lasts: "14 h left", "50 min left". */
export function roomWords(hours: number | null | undefined): string {
  if (hours === null || hours === undefined) return "";
  return hours < 2 ? t("{n} min left", { n: Math.floor(hours * 60) }) : t("{n} h left", { n: Math.floor(hours) });
}

function Lights({ feeds }: { feeds: FeedStatus[] }): JSX.Element {
  return (
    <ul class="mc-lights" aria-label={t("Feeds")}>
      {feeds.map((feed) => (
        <li key={feed.source} data-state={feed.state} title={feed.sentence}>
          <span class="mc-lights__dot" aria-hidden="true" />
          {feed.label || feed.source}
          <span class="govuk-visually-hidden">: {feed.sentence}</span>
        </li>
      ))}
    </ul>
  );
}
