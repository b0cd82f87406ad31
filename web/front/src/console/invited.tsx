/** Interpreters, signers and presenters: invited by a personal link, brought in and sent out. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { EngineSnapshot, FeedStatus, Part, SpeakerRow } from "../shared/wire";
import type { Desk } from "./desk";
import { isOf } from "./feed-words";
import { CloseButton, CommandButton, CopyField, Dialog, PressButton, SourceMeter, Trouble } from "./parts";
import { address } from "./personal-link";
import { PrivateSession } from "./private-session";
import { isRunning } from "./public-state";
import { isInvited } from "./queue";
import { partWord } from "./speaker-words";

export type Invitable = Exclude<Part, "speaker">;

const SOURCES: Record<Invitable, string | null> = { interpreter: null, signer: "sign", presenter: "presentation" };

/** Their feed, when the studio has one of theirs. One signer and one presenter are in at a time. */
export function feedOf(row: SpeakerRow, engine: EngineSnapshot | null): FeedStatus | undefined {
  const part = (row.part ?? "speaker") as Invitable;
  return engine?.studio?.feeds.find((feed) => feed.kind === part && (SOURCES[part] ? feed.source === SOURCES[part] : isOf(row, feed.source)));
}

/** Where the invitation stands, in words. */
export function standing(row: SpeakerRow, feed: FeedStatus | undefined): string {
  switch (row.state) {
    case "confirmed": return t("Invited; has not come yet");
    case "checked_in": return t("Here, and waits to be brought in");
    case "on_air": return feed ? feed.sentence : t("Brought in; not connected yet");
    case "revoked": return t("The invitation was taken back");
    case "withdrawn": return t("Has given up the place");
    default: return t("Done");
  }
}

/** Who takes part first, those who are gone last. */
const ORDER = ["on_air", "checked_in", "confirmed", "done", "withdrawn", "revoked"];

export function Invited({ desk }: { desk: Desk }): JSX.Element | null {
  const rows = desk.staff.value.speakers.filter(isInvited).sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.place - b.place);
  if (!rows.length) return null;
  return (
    <>
      <h3 class="mc-subhead" id="invited">{t("Interpreters and presenters")}</h3>
      <ul class="mc-rows" aria-labelledby="invited">{rows.map((row) => <Row key={row.id} desk={desk} row={row} />)}</ul>
    </>
  );
}

function Row({ desk, row }: { desk: Desk; row: SpeakerRow }): JSX.Element {
  const feed = feedOf(row, desk.engine.value);
  const over = !["confirmed", "checked_in", "on_air"].includes(row.state);
  return (
    <li class="mc-row" data-state={row.state} data-part={row.part}>
      <div class="mc-row__who">
        <strong>{row.name}</strong>
        <span class="mc-row__about">{partWord(row.part ?? "speaker")}</span>
      </div>
      <span class="mc-row__state" role="status">{standing(row, row.state === "on_air" ? feed : undefined)}</span>
      {!over && <div class="mc-row__do"><Steps desk={desk} row={row} feed={feed} /></div>}
    </li>
  );
}

function Steps({ desk, row, feed }: { desk: Desk; row: SpeakerRow; feed: FeedStatus | undefined }): JSX.Element {
  const payload = { registration_id: row.id };
  const open = isRunning(desk.meeting.value.state);
  const link = async (): Promise<void> => {
    const answer = await desk.run<{ token: string }>("speaker.new_link", payload);
    if (answer) desk.dialog.value = { name: "link", id: row.id, text: address(answer.token) };
  };
  return (
    <>
      {row.state === "checked_in" && <CommandButton desk={desk} name="invitation.bring_in" payload={payload} tone="good" missing={!open && t("Once the meeting is open.")}>{t("Bring in")}</CommandButton>}
      {row.state === "on_air" && <CommandButton desk={desk} name="invitation.send_out" payload={payload} tone="danger">{t("Send out")}</CommandButton>}
      {row.state === "on_air" && <PrivateSession desk={desk} row={row} />}
      {row.state !== "on_air" && <PressButton onClick={() => void link()}>{t("New link")}</PressButton>}
      <CommandButton desk={desk} name="invitation.revoke" payload={payload}>{t("Take the link back")}</CommandButton>
      {row.state === "on_air" && feed?.state === "live" && row.part === "interpreter" && <SourceMeter desk={desk} source={feed.source} level={feed.level_dbfs} label={feed.label} />}
    </>
  );
}

export function InviteDialog({ desk }: { desk: Desk }): JSX.Element {
  const language = desk.page.interpreted ?? null;
  const name = useSignal("");
  const webinar = desk.meeting.value.kind === "webinar";
  const part = useSignal<Invitable | "seen">(webinar ? "seen" : language ? "interpreter" : "signer");
  const made = useSignal<string | null>(null);
  const parts: [Invitable | "seen", string][] = [
    ...(webinar ? [["seen", t("Presenter: is seen and heard")] as [Invitable | "seen", string]] : []),
    ["interpreter", language ? t("Interpreter into {language}: is heard, never seen, and hears the floor", { language }) : t("Interpreter: no interpreted language is set for this council")],
    ["signer", t("Sign language: the camera is the inset, without sound")],
    ["presenter", t("Presenter: shares a screen, without sound")],
  ];
  const issue = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!name.value.trim()) return;
    const who = name.value.trim();
    const answer = part.value === "seen"
      ? await desk.run<{ token: string }>("presenter.invite", { name: who })
      : await desk.run<{ token: string }>("invitation.issue", { name: who, part: part.value });
    if (answer) made.value = address(answer.token);
  };
  if (made.value) return <Made desk={desk} name={name.value.trim()} link={made.value} />;
  return (
    <Dialog desk={desk} title={t("Invite an interpreter or a presenter")}>
      <form onSubmit={(event) => void issue(event)}>
        <label class="mc-field">
          <span>{t("Name")}</span>
          <input type="text" maxLength={80} required autofocus value={name.value} onInput={(event) => (name.value = event.currentTarget.value)} />
        </label>
        <fieldset class="mc-field mc-kinds mc-kinds--rows">
          <legend>{t("As")}</legend>
          {parts.map(([value, words]) => (
            <label key={value}>
              <input type="radio" name="part" checked={part.value === value} disabled={value === "interpreter" && !language} onChange={() => (part.value = value)} /> <span>{words}</span>
            </label>
          ))}
        </fieldset>
        <Trouble desk={desk} />
        <div class="mc-dialog__buttons">
          <button type="submit" class="mc-button mc-button--primary" disabled={desk.isFlying("invitation.issue") || desk.isFlying("presenter.invite")}>{t("Make the link")}</button>
          <CloseButton desk={desk} />
        </div>
      </form>
    </Dialog>
  );
}

function Made({ desk, name, link }: { desk: Desk; name: string; link: string }): JSX.Element {
  return (
    <Dialog desk={desk} title={t("Link for {name}", { name })}>
      <p>{t("Send it to {name} alone: whoever opens it takes part in their name. It is shown only now.", { name })}</p>
      <CopyField label={t("Personal link")} value={link} />
      <div class="mc-dialog__buttons"><CloseButton desk={desk}>{t("Close")}</CloseButton></div>
    </Dialog>
  );
}
