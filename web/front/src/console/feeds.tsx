/** The feeds with a sentence each, who was turned away, the log, and where encoders connect. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { FeedStatus } from "../shared/wire";
import type { Desk } from "./desk";
import { hlsWords, kindWords } from "./feed-words";
import { CloseButton, CopyField, Dialog, Panel, PressButton, SourceMeter } from "./parts";

export function Feeds({ desk }: { desk: Desk }): JSX.Element {
  const tab = useSignal<"feeds" | "refusals" | "log">("feeds");
  const engine = desk.engine.value;
  const refusals = engine?.refusals ?? [];
  const tabs: [typeof tab.value, string][] = [
    ["feeds", t("Feeds")],
    ["refusals", refusals.length ? t("Turned away ({n})", { n: refusals.length }) : t("Turned away")],
    ["log", t("Log")],
  ];
  return (
    <Panel
      title={t("Feeds and log")} class="mc-feeds" onlyText
      aside={
        <>
          <span class="mc-tabs" role="group" aria-label={t("Show")}>
            {tabs.map(([name, text]) => (
              <button key={name} type="button" aria-pressed={tab.value === name} onClick={() => (tab.value = name)}>{text}</button>
            ))}
          </span>
          <PressButton onClick={() => (desk.dialog.value = { name: "feeds" })}>{t("Encoder addresses")}</PressButton>
        </>
      }
    >
      {tab.value === "feeds" && <FeedList desk={desk} feeds={engine?.studio?.feeds ?? []} />}
      {tab.value === "feeds" && hlsWords(engine) && <p class="mc-line mc-hls">{hlsWords(engine)}</p>}
      {tab.value === "refusals" && <Refusals refusals={refusals} />}
      {tab.value === "log" && <Log desk={desk} />}
    </Panel>
  );
}

function FeedList({ desk, feeds }: { desk: Desk; feeds: FeedStatus[] }): JSX.Element {
  if (!feeds.length) return <p class="mc-none">{t("No feed is connected. Press “Encoder addresses” for where to send one.")}</p>;
  return (
    <ul class="mc-rows">
      {feeds.map((feed) => (
        <li key={feed.source} class="mc-feed" data-state={feed.state}>
          <span class="mc-lights__dot" aria-hidden="true" />
          <div>
            <strong>{feed.label || feed.source}</strong> <span class="mc-row__about">{kindWords(feed)}</span>
            <p>{feed.sentence}</p>
          </div>
          <SourceMeter desk={desk} source={feed.source} level={feed.level_dbfs} label={feed.label || feed.source} />
        </li>
      ))}
    </ul>
  );
}

function Refusals({ refusals }: { refusals: string[] }): JSX.Element {
  if (!refusals.length) return <p class="mc-none">{t("No encoder was turned away.")}</p>;
  return <ul class="mc-rows">{refusals.map((words, index) => <li key={index} class="mc-line">{words}</li>)}</ul>;
}

function Log({ desk }: { desk: Desk }): JSX.Element {
  const { audit } = desk.staff.value;
  if (!audit.length) return <p class="mc-none">{t("Nothing has been done yet.")}</p>;
  return (
    <ul class="mc-rows mc-log">
      {[...audit].sort((a, b) => b.at_ms - a.at_ms).map((line, index) => (
        <li key={index} class="mc-line">
          <time>{timeOfDay(line.at_ms, true)}</time> <b>{line.who}</b> {line.action} {line.subject}{line.reason && ` – ${line.reason}`}
        </li>
      ))}
    </ul>
  );
}

export interface Address {
  source: string;
  fields: { label: string; value: string; secret: boolean }[];
}

/** Where an encoder for a source connects. The key may stand in the address; then it is a secret as a whole. */
export function addresses(desk: Pick<Desk, "page">, keys: Record<string, string>): Address[] {
  const { whip, captions, rtmp, srt } = desk.page.urls;
  return Object.entries(keys).map(([source, key]) => ({
    source,
    fields: [
      { label: t("WHIP address"), value: whip.replace(/\/chamber$/, `/${source}`), secret: false },
      { label: t("WHIP bearer token, or RTMP stream key"), value: key, secret: true },
      ...(rtmp ? [{ label: t("RTMP address"), value: withKey(rtmp, "/", key), secret: true }] : []),
      ...(srt ? [{ label: t("SRT address"), value: withKey(srt, srt.includes("?") ? "&streamid=" : "?streamid=", key), secret: true }] : []),
      ...(captions && source === "chamber" ? [{ label: t("Captioner’s address, with the same bearer token"), value: captions, secret: false }] : []),
    ],
  }));
}

function withKey(address: string, by: string, key: string): string {
  return address.includes(key) ? address : `${address.replace(/\/$/, "")}${by}${key}`;
}

export function FeedsDialog({ desk }: { desk: Desk }): JSX.Element {
  return (
    <Dialog desk={desk} title={t("Where encoders connect")}>
      <p>{t("The keys are secret: who has one can put a picture into this meeting.")}</p>
      {addresses(desk, desk.staff.value.stream_keys).map(({ source, fields }) => (
        <fieldset key={source} class="mc-address">
          <legend>{source === "chamber" ? t("Chamber") : source === "sign" ? t("Sign language") : source}</legend>
          {fields.map((field) => <CopyField key={field.label} {...field} />)}
        </fieldset>
      ))}
      <div class="mc-dialog__buttons"><CloseButton desk={desk}>{t("Close")}</CloseButton></div>
    </Dialog>
  );
}
