/**
 * "Tell me when item 7 is next", "tell me when it starts": on the page that is open.
 *
 * No push service: those of the browsers' makers are third parties (docs/decisions/0009). A notification of this
 * page's own is shown when the reader has allowed it, and a line on the page and its title in any case.
 */

import { announce } from "../shared/announcer";
import { read, write } from "../shared/device";
import { itemNumber } from "../shared/format";
import { t } from "../shared/i18n";
import { business } from "../shared/timetable";
import type { ItemView, PublicSnapshot } from "../shared/wire";

/** An item's number, or the beginning of the meeting. */
export type Wish = number | "start";

/** The item of business after the current one; the first while there is none. */
export function nextUp(meeting: PublicSnapshot): ItemView | null {
  const items = business(meeting);
  const now = items.findIndex((item) => item.id === meeting.now_item_id);
  return items[now + 1] ?? null;
}

/** Which wishes have come true, with the words for each. */
export function news(meeting: PublicSnapshot, wishes: ReadonlySet<Wish>): [Wish, string][] {
  const told: [Wish, string][] = [];
  const running = meeting.live_ms !== null && meeting.ended_ms === null;
  if (wishes.has("start") && running) told.push(["start", t("The meeting has started.")]);
  const next = nextUp(meeting);
  for (const item of meeting.agenda) {
    if (!wishes.has(item.id)) continue;
    const words = { number: itemNumber(item), title: item.title };
    if (item.id === meeting.now_item_id) told.push([item.id, t("Now: item {number} {title}", words)]);
    else if (running && item.id === next?.id) told.push([item.id, t("Next: item {number} {title}", words)]);
  }
  return told;
}

export class Follow {
  private readonly wishes: Set<Wish>;
  private readonly title = document.title;

  constructor(
    private readonly ref: string,
    private readonly agenda: HTMLElement | null,
    private readonly bar: HTMLElement | null,
  ) {
    const stored = (read(this.key) ?? "").split(",").filter(Boolean);
    this.wishes = new Set(stored.map((one) => (one === "start" ? one : Number(one))));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) document.title = this.title;
    });
  }

  private get key(): string {
    return `moothall-follow-${this.ref}`;
  }

  update(meeting: PublicSnapshot): void {
    for (const [wish, words] of news(meeting, this.wishes)) {
      this.wishes.delete(wish);
      this.keep();
      this.tell(words);
    }
    this.offer(meeting);
  }

  private offer(meeting: PublicSnapshot): void {
    if (this.bar) this.button(this.bar, "start", t("Tell me when it starts"), meeting.live_ms === null);
    for (const element of this.agenda?.querySelectorAll<HTMLElement>("li[data-item-id]") ?? []) {
      const item = meeting.agenda.find((one) => one.id === Number(element.dataset["itemId"]));
      if (!item || item.heading) continue;
      const open = meeting.ended_ms === null && item.state === "not_started" && item.id !== meeting.now_item_id;
      this.button(element, item.id, t("Tell me when it is next"), open, item.number);
    }
  }

  private button(place: HTMLElement, wish: Wish, words: string, wanted: boolean, about = ""): void {
    let button = place.querySelector<HTMLButtonElement>(":scope > button.mh-follow");
    if (!wanted) {
      button?.remove();
      return;
    }
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "mh-follow mh-link-button";
      button.onclick = () => this.toggle(wish);
      place.append(button);
    }
    button.setAttribute("aria-pressed", String(this.wishes.has(wish)));
    if (button.firstChild?.textContent === words) return;
    const whose = document.createElement("span");
    whose.className = "govuk-visually-hidden";
    whose.textContent = about && ` (${about})`;
    button.replaceChildren(words, whose);
  }

  private toggle(wish: Wish): void {
    if (!this.wishes.delete(wish)) {
      this.wishes.add(wish);
      // Asked for at the press, and never before: browsers refuse other pages for good.
      if ("Notification" in window && Notification.permission === "default") void Notification.requestPermission();
    }
    this.keep();
    for (const button of document.querySelectorAll<HTMLButtonElement>("button.mh-follow")) {
      const mine = button.closest<HTMLElement>("li[data-item-id]")?.dataset["itemId"];
      if ((mine === undefined ? "start" : Number(mine)) === wish) button.setAttribute("aria-pressed", String(this.wishes.has(wish)));
    }
    announce(this.wishes.has(wish) ? t("You will be told, while this page is open") : t("You will not be told."));
  }

  private keep(): void {
    write(this.key, this.wishes.size ? [...this.wishes].join(",") : null);
  }

  private tell(words: string): void {
    const line = document.createElement("p");
    line.className = "mh-told";
    line.setAttribute("role", "alert");
    line.textContent = words;
    document.querySelector(".meeting-head")?.append(line);
    if (!document.hidden) return;
    document.title = `${words} – ${this.title}`;
    try {
      if ("Notification" in window && Notification.permission === "granted") new Notification(words, { tag: this.ref, icon: "/icon.svg" });
    } catch (error) {
      // Some browsers on phones have notifications for service workers only; the title says it there.
      console.info("no notification", error);
    }
  }
}
