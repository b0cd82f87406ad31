/** The agenda that the server wrote follows the meeting: states, the item that is current, and jumps. */

import { clockTime } from "../shared/format";
import { t } from "../shared/i18n";
import { about, expectedTimes, putOffWords } from "../shared/timetable";
import type { ItemView, PublicSnapshot } from "../shared/wire";
import { phaseOf } from "./phase";

export interface AgendaOptions {
  /** Where an item's moment is on the player's scale, or null. */
  moment: (item: ItemView) => number | null;
  jump: (item: ItemView, seconds: number) => void;
}

export function stateWord(item: ItemView, over: boolean): string {
  if (item.heading) return "";
  if (item.state === "now") return t("Now");
  if (item.state === "deferred" || item.state === "put_off") return t("Deferred");
  if (item.state === "done") return t("Done");
  return over ? t("Not reached") : t("Not started");
}

/** As `parts/agenda.html` writes an item that has no papers. */
function written(item: ItemView): HTMLElement {
  const element = document.createElement("li");
  element.id = `item-${item.id}`;
  element.dataset["itemId"] = String(item.id);
  if (item.heading) element.className = "agenda-heading";
  const title = document.createElement("p");
  title.className = "agenda-title";
  const number = document.createElement("span");
  number.className = "agenda-number";
  number.textContent = item.number;
  title.append(number, ` ${item.title}`);
  element.append(title);
  if (item.heading) return element;
  const state = document.createElement("span");
  state.className = "agenda-state";
  element.append(state);
  if (item.restricted) element.append(note("agenda-private", t("This item is to be considered in private.")));
  if (item.added) element.append(note("agenda-added", t("Urgent business, added during the meeting.")));
  return element;
}

function note(className: string, words: string): HTMLElement {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = words;
  return element;
}

/** Under the title and its state, where the server writes it. */
function tell(element: HTMLElement, className: string, words: string): void {
  const told = element.querySelector<HTMLElement>(`.${className}`);
  if (!words) told?.remove();
  else if (!told) (element.querySelector(".agenda-state") ?? element.querySelector(".agenda-title"))?.after(note(className, words));
  else if (told.textContent !== words) told.textContent = words;
}

function expectedWords(at: number | undefined): string {
  return at === undefined ? "" : t("Expected about {time}", { time: clockTime(about(at)) });
}

export class AgendaFollower {
  private readonly items = new Map<number, HTMLElement>();
  private shown: number | null = null;
  private touchedMs = 0;

  constructor(private readonly root: HTMLElement, private readonly options: AgendaOptions) {
    for (const element of root.querySelectorAll<HTMLElement>("li[data-item-id]")) {
      this.items.set(Number(element.dataset["itemId"]), element);
    }
    for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      root.addEventListener(event, () => (this.touchedMs = Date.now()), { passive: true });
    }
  }

  /** `now` is the server's time: how late the meeting is depends on it. */
  update(snapshot: PublicSnapshot, now = snapshot.server_ms): void {
    this.arrange(snapshot);
    const expected = expectedTimes(snapshot, now);
    const over = !["before", "live"].includes(phaseOf(snapshot.state));
    for (const item of snapshot.agenda) {
      const element = this.items.get(item.id);
      if (!element) continue;
      this.draw(element, item, item.id === snapshot.now_item_id, over);
      tell(element, "agenda-put-off", putOffWords(item));
      tell(element, "agenda-expected", expectedWords(expected.get(item.id)));
    }
    if (snapshot.now_item_id !== this.shown) {
      this.shown = snapshot.now_item_id;
      this.bringIntoView();
    }
  }

  /** The meeting may take its business in another order than the page was written in, and add some. */
  private arrange({ agenda }: PublicSnapshot): void {
    const list = this.root.querySelector("ol");
    if (!list || agenda.map((item) => item.id).join() === [...this.items.keys()].join()) return;
    const elements = new Map(agenda.map((item) => [item.id, this.items.get(item.id) ?? written(item)]));
    for (const [id, element] of this.items) {
      if (!elements.has(id)) element.remove();
    }
    const focused = document.activeElement;
    list.append(...elements.values());
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus({ preventScroll: true });
    this.items.clear();
    for (const [id, element] of elements) this.items.set(id, element);
  }

  private draw(element: HTMLElement, item: ItemView, now: boolean, over: boolean): void {
    element.dataset["state"] = now ? "now" : item.state;
    if (now) element.setAttribute("aria-current", "step");
    else element.removeAttribute("aria-current");
    const state = element.querySelector<HTMLElement>(".agenda-state");
    if (state) {
      const word = stateWord(now ? { ...item, state: "now" } : item, over);
      if (state.textContent !== word) state.textContent = word;
      state.dataset["state"] = now ? "now" : item.state;
    }
    const moment = this.options.moment(item);
    if (moment !== null) this.link(element, item, moment);
  }

  private link(element: HTMLElement, item: ItemView, moment: number): void {
    let link = element.querySelector<HTMLAnchorElement>("a.agenda-jump");
    if (!link) {
      link = document.createElement("a");
      link.className = "agenda-jump govuk-link";
      link.href = `?item=${item.id}`;
      link.textContent = t("Watch from here");
      const about = document.createElement("span");
      about.className = "govuk-visually-hidden";
      about.textContent = ` ${item.number} ${item.title}`;
      link.append(about);
      const state = element.querySelector(".agenda-state");
      if (state) state.after(link);
      else element.append(link);
    }
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.options.jump(item, moment);
    };
  }

  /** Only ever scrolls the agenda's own box, and not when the reader has just moved it. */
  private bringIntoView(): void {
    const element = this.shown === null ? undefined : this.items.get(this.shown);
    const box = this.scrollBox();
    if (!element || !box || Date.now() - this.touchedMs < 15_000) return;
    const inside = element.getBoundingClientRect().top - box.getBoundingClientRect().top;
    const target = box.scrollTop + inside - box.clientHeight / 3;
    const smooth = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: target, behavior: smooth ? "smooth" : "auto" });
  }

  private scrollBox(): HTMLElement | null {
    const inner = [this.root, ...this.root.querySelectorAll<HTMLElement>("ol, ul")];
    return inner.find((box) => box.scrollHeight > box.clientHeight + 4 && getComputedStyle(box).overflowY !== "visible") ?? null;
  }
}
