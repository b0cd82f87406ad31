/** The run of show: the agenda, and one large "next". */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { tick } from "../shared/clock";
import { clockText } from "../shared/countdown";
import { t } from "../shared/i18n";
import { business, putOffWords } from "../shared/timetable";
import type { ItemView, PublicSnapshot, StaffSnapshot, UndoView } from "../shared/wire";
import type { Desk } from "./desk";
import { DiscussionsButton } from "./discussions";
import { Times } from "./expected";
import { letter } from "./keys";
import { Panel, PressButton } from "./parts";
import { PointButton } from "./point-of-order";
import { isOver } from "./public-state";
import { KeptUntil } from "./recording";

/** The item that "next" would make current. */
export function nextItem(meeting: PublicSnapshot): ItemView | null {
  if (isOver(meeting.state)) return null;
  const items = business(meeting);
  const now = items.findIndex((item) => item.id === meeting.now_item_id);
  return items[now + 1] ?? null;
}

export function goNext(desk: Desk): void {
  const meeting = desk.meeting.peek();
  if (!nextItem(meeting)) return;
  desk.aims.speaker.expect();
  void desk.run("item.next", { expected_version: meeting.version }, "item.next");
}

/** The step that this officer can still take back. */
export function undoable(staff: StaffSnapshot, me: string, now: number): UndoView | null {
  return staff.undo?.find((step) => step.by === me && now < step.until_ms) ?? null;
}

export function undoWords({ action, label }: UndoView): string {
  switch (action) {
    case "speaker.call": return t("Undo: call {label}", { label });
    case "speaker.stand_back": return t("Undo: {label} back", { label });
    case "speaker.admit": return t("Undo: {label} on air", { label });
    case "speaker.finish": return t("Undo: take {label} off", { label });
    case "speaker.miss": return t("Undo: {label} absent", { label });
    case "speaker.read_out": return t("Undo: {label} read out", { label });
    case "question.approve": return t("Undo: approve “{label}”", { label });
    case "question.reject": return t("Undo: reject “{label}”", { label });
    case "question.merge": return t("Undo: merge “{label}”", { label });
    case "question.start_answer": return t("Undo: answer “{label}”", { label });
    case "question.finish_answer": return t("Undo: answered “{label}”", { label });
    case "result.enter": return t("Undo: result of “{label}”", { label });
    case "business.add": return t("Undo: add {label}", { label });
    case "business.defer": return t("Undo: defer {label}", { label });
    case "business.put_off": return t("Undo: {label} to another meeting", { label });
    case "business.move": return t("Undo: move {label}", { label });
    case "timetable.expect": return t("Undo: minutes of {label}", { label });
    case "layout.set": return t("Undo: layout");
    default: return t("Undo: go to {label}", { label });
  }
}

export function undoStep(desk: Desk): void {
  const undo = undoable(desk.staff.peek(), desk.page.me.name, desk.clock.now());
  if (!undo) return;
  desk.aims.speaker.expect();
  desk.aims.question.expect();
  void desk.run("step.undo", { step: undo.step }, "step.undo");
}

function Undo({ desk }: { desk: Desk }): JSX.Element | null {
  tick();
  const undo = undoable(desk.staff.value, desk.page.me.name, desk.clock.now());
  if (!undo) return null;
  return (
    <PressButton class="mc-undo" shortcut={letter("undo")} title={undo.label} disabled={desk.isFlying("step.undo")} onClick={() => undoStep(desk)}>
      {undoWords(undo)}
    </PressButton>
  );
}

export function RunOfShow({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const next = nextItem(meeting);
  return (
    <Panel
      title={t("Run of show")} class="mc-show"
      aside={
        <>
          <PressButton shortcut={letter("note")} onClick={() => (desk.dialog.value = { name: "note" })}>{t("Note")}</PressButton>
          <DiscussionsButton desk={desk} />
          {!isOver(meeting.state) && <PressButton shortcut={letter("order")} onClick={() => (desk.dialog.value = { name: "order" })}>{t("Order")}</PressButton>}
          <PressButton shortcut={letter("result")} onClick={() => (desk.dialog.value = { name: "result" })}>{t("Result of a vote")}</PressButton>
          <PointButton desk={desk} />
        </>
      }
    >
      {isOver(meeting.state) ? <Over desk={desk} meeting={meeting} /> : (
        <PressButton
          class="mc-next" tone="primary" shortcut={letter("next")} disabled={!next || desk.isFlying("item.next")} onClick={() => goNext(desk)}
        >
          <span class="mc-next__label">{t("Next item")}</span>
          <span class="mc-next__title">{next ? `${next.number} ${next.title}` : t("This is the last item")}</span>
        </PressButton>
      )}
      <Undo desk={desk} />
      <ol class="mc-items">
        {meeting.agenda.map((item) => <Row key={item.id} desk={desk} item={item} now={item.id === meeting.now_item_id} />)}
      </ol>
    </Panel>
  );
}

function Over({ desk, meeting }: { desk: Desk; meeting: PublicSnapshot }): JSX.Element {
  return (
    <div class="mc-over">
      <strong>{t("The meeting is over.")}</strong>
      {meeting.state === "published" && (
        <>
          <a href={desk.page.urls.meeting} target="_blank" rel="noopener">{t("Watch the recording")}</a>
          <PressButton onClick={() => (desk.dialog.value = { name: "withhold" })}>{t("Withhold the recording")}</PressButton>
        </>
      )}
      {meeting.state === "withheld" && (
        <>
          <span>{t("Its recording is withheld.")}</span>
          <PressButton onClick={() => (desk.dialog.value = { name: "publish" })}>{t("Publish it again")}</PressButton>
        </>
      )}
      {meeting.state === "expired" && <span>{t("Its recording was kept to its last day, and has been deleted.")}</span>}
      <KeptUntil desk={desk} />
    </div>
  );
}

function Row({ desk, item, now }: { desk: Desk; item: ItemView; now: boolean }): JSX.Element {
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (now) element.current?.scrollIntoView({ block: "nearest" });
  }, [now]);
  if (item.heading) return <li class="mc-item mc-item--heading">{item.title}</li>;
  const state = now ? "now" : item.state;
  const go = (): void => {
    desk.aims.speaker.expect();
    void desk.run("item.go", { item_id: item.id, expected_version: desk.meeting.peek().version });
  };
  return (
    <li ref={element} class="mc-item" data-state={state} aria-current={now ? "step" : undefined}>
      <button
        type="button" disabled={now || isOver(desk.meeting.value.state) || desk.isFlying(`item.go:${item.id}`)} onClick={go}
        title={now ? t("This item is current") : t("Make this item current")}
      >
        <span class="mc-item__number">{item.number}</span>
        <span class="mc-item__title">
          {item.title || t("(title not published)")}
          {item.restricted && <em class="mc-tag mc-tag--private">{t("restricted")}</em>}
          {item.state === "deferred" && !now && <em class="mc-tag">{t("deferred")}</em>}
          {item.state === "put_off" && <em class="mc-tag" title={putOffWords(item)}>{t("to another meeting")}</em>}
          {item.added && <em class="mc-tag">{t("urgent")}</em>}
        </span>
        <span class="mc-item__state">{now ? t("Now") : item.seconds !== null ? clockText(item.seconds) : ""} <Times desk={desk} item={item} /></span>
      </button>
    </li>
  );
}
