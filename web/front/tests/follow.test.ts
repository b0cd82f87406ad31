import { beforeEach, describe, expect, it } from "vitest";
import { Follow, news, nextUp, type Wish } from "../src/public/follow";
import { item, meeting } from "./canned";

const agenda = [item(1), { ...item(2), heading: true }, item(3), item(4)];
const before = { ...meeting, state: "scheduled" as const, live_ms: null, now_item_id: null, agenda };
const at = (id: number | null) => ({ ...meeting, agenda, now_item_id: id });
const wishes = (...all: Wish[]): Set<Wish> => new Set(all);

describe("following a meeting", () => {
  it("knows what is next, over headings", () => {
    expect(nextUp(at(null))?.id).toBe(1);
    expect(nextUp(at(1))?.id).toBe(3);
    expect(nextUp(at(4))).toBeNull();
  });

  it("tells when an item is next or was jumped to, and when the meeting starts", () => {
    expect(news(before, wishes("start", 1))).toEqual([]);
    expect(news(at(null), wishes("start"))).toEqual([["start", "The meeting has started."]]);
    expect(news(at(1), wishes(3, 4))).toEqual([[3, "Next: item 3 Item 3"]]);
    expect(news(at(4), wishes(4))).toEqual([[4, "Now: item 4 Item 4"]]);
    expect(news({ ...at(1), ended_ms: 1 }, wishes(3))).toEqual([]);
  });
});

describe("the buttons", () => {
  beforeEach(() => {
    localStorage.clear();
    document.body.innerHTML = `<div class="meeting-head"><div id="follow"></div></div>
      <div id="agenda">${agenda.map((one) => `<li data-item-id="${one.id}"></li>`).join("")}</div>`;
  });

  const follow = (): Follow => new Follow("m", document.getElementById("agenda"), document.getElementById("follow"));
  const button = (id: number): HTMLButtonElement | null => document.querySelector(`li[data-item-id="${id}"] > button`);

  it("stand at what is to come, and remember over a reload", () => {
    follow().update(before);
    expect([1, 2, 3, 4].map((id) => Boolean(button(id)))).toEqual([true, false, true, true]);
    button(3)?.click();
    expect(button(3)?.getAttribute("aria-pressed")).toBe("true");
    const again = follow();
    again.update(before);
    again.update(at(1));
    expect(document.querySelector(".mh-told")?.textContent).toBe("Next: item 3 Item 3");
    again.update(at(1));
    expect(document.querySelectorAll(".mh-told").length).toBe(1);
    again.update(at(3));
    expect(button(3)).toBeNull();
    expect(localStorage.getItem("moothall-follow-m")).toBeNull();
  });

  it("tell of the beginning once", () => {
    const page = follow();
    page.update(before);
    document.querySelector<HTMLButtonElement>("#follow > button")?.click();
    page.update(at(null));
    expect(document.querySelector(".mh-told")?.textContent).toBe("The meeting has started.");
    expect(document.querySelector("#follow > button")).toBeNull();
  });
});
