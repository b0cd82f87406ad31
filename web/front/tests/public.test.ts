import { beforeEach, describe, expect, it, vi } from "vitest";
import { AgendaFollower } from "../src/public/agenda";
import { PublicFeed } from "../src/public/feed";
import { updateNotice } from "../src/public/notice";
import { Outbox } from "../src/public/outbox";
import { Papers } from "../src/public/papers";
import { PageTurner, phaseOf } from "../src/public/phase";
import { ownStateWords } from "../src/public/own";
import { inOrder, type QuestionOrder } from "../src/public/question-list";
import { Questions } from "../src/public/questions";
import { ServerClock } from "../src/shared/clock";
import type { OwnQuestion, OwnState, QuestionView } from "../src/shared/wire";
import { item, meeting } from "./canned";
import { FakeWire } from "./fakes";

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  document.body.replaceChildren();
});

describe("the agenda on the page", () => {
  const html = [1, 2].map((id) => `<li data-item-id="${id}"><p class="agenda-title">x</p><span class="agenda-state"></span></li>`).join("");

  it("follows the current item and gives moments a link", () => {
    const root = document.createElement("div");
    root.innerHTML = `<ol>${html}</ol>`;
    const jumps: [number, number][] = [];
    const follower = new AgendaFollower(root, { moment: (it) => it.seconds, jump: (it, seconds) => jumps.push([it.id, seconds]) });
    const agenda = [{ ...item(1), state: "done" as const, seconds: 12 }, { ...item(2), state: "now" as const, seconds: 400 }];
    follower.update({ ...meeting, agenda, now_item_id: 2 });
    const [first, second] = root.querySelectorAll("li");
    expect(second?.getAttribute("aria-current")).toBe("step");
    expect(first?.hasAttribute("aria-current")).toBe(false);
    expect(first?.querySelector(".agenda-state")?.textContent).toBe("Done");
    second?.querySelector<HTMLElement>("a.agenda-jump")?.click();
    follower.update({ ...meeting, agenda, now_item_id: 2 });
    expect(root.querySelectorAll("a.agenda-jump")).toHaveLength(2);
    expect(jumps).toEqual([[2, 400]]);
  });

  it("says of an item that nobody came to that it was not reached, once the meeting is over", () => {
    const root = document.createElement("div");
    root.innerHTML = `<ol>${html}</ol>`;
    const follower = new AgendaFollower(root, { moment: () => null, jump: () => undefined });
    const words = () => [...root.querySelectorAll(".agenda-state")].map((state) => state.textContent);
    const agenda = [{ ...item(1), state: "done" as const }, { ...item(2), state: "not_started" as const }];
    follower.update({ ...meeting, agenda, now_item_id: null });
    expect(words()).toEqual(["Done", "Not started"]);
    follower.update({ ...meeting, state: "ended", agenda, now_item_id: null });
    expect(words()).toEqual(["Done", "Not reached"]);
  });

  it("takes the order that officers made of it, with what they added and without what they took away", () => {
    const root = document.createElement("div");
    root.innerHTML = `<ol>${html}</ol>`;
    const follower = new AgendaFollower(root, { moment: () => null, jump: () => undefined });
    const first = root.querySelector("li");
    const shown = (): string[] => [...root.querySelectorAll("li")].map((one) => `${one.dataset["itemId"]} ${one.querySelector(".agenda-state")?.textContent}`);
    const urgent = { ...item(7), title: "<b>Flood", added: true, restricted: true };
    follower.update({ ...meeting, agenda: [item(2), urgent, { ...item(1), state: "deferred" }], now_item_id: 2 });
    expect(shown()).toEqual(["2 Now", "7 Not started", "1 Deferred"]);
    expect(root.querySelectorAll("li")[2]).toBe(first);
    expect(root.querySelector("#item-7")?.textContent).toContain("7. <b>Flood");
    expect(root.querySelector("#item-7")?.textContent).toContain("Urgent business, added during the meeting.");
    follower.update({ ...meeting, agenda: [item(1), item(2)], now_item_id: 2 });
    expect(shown()).toEqual(["1 Not started", "2 Now"]);
  });
});

describe("the notice", () => {
  it("shows the words as text, says the time once, and goes away", () => {
    const root = document.createElement("div");
    const back = Date.UTC(2026, 10, 26, 19, 40);
    updateNotice(root, { title: "Excluded <b>", lines: ["Paragraph 3."], expected_back_ms: back });
    expect(root.textContent).toBe("Excluded <b>Paragraph 3.Expected back about 19:40.");
    updateNotice(root, { title: "Excluded", lines: ["Back about 19:40."], expected_back_ms: back });
    expect(root.textContent).toBe("ExcludedBack about 19:40.");
    updateNotice(root, null);
    expect(root.hidden).toBe(true);
    expect(root.textContent).toBe("");
  });
});

describe("turning the page over", () => {
  it("knows what page each state needs", () => {
    expect(["scheduled", "pre_show", "private", "ended", "published", "withheld"].map((state) => phaseOf(state as "live"))).toEqual([
      "before", "live", "live", "ended", "recording", "gone",
    ]);
  });

  it("loads the new page by itself, but not under the hands of somebody who writes", () => {
    let busy = true;
    let loads = 0;
    const turner = new PageTurner("live", () => busy, () => (loads += 1));
    turner.look(meeting);
    expect(loads).toBe(0);
    turner.look({ ...meeting, state: "published" });
    expect(loads).toBe(0);
    expect(document.querySelector(".mh-turn")?.textContent).toContain("recording is ready");
    busy = false;
    turner.look({ ...meeting, state: "published" });
    expect(loads).toBe(1);
  });

  it("calls nobody back who is on the way to another page, unless that comes to nothing", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    let loads = 0;
    const turner = new PageTurner("live", () => false, () => (loads += 1));
    dispatchEvent(new Event("beforeunload"));
    turner.look({ ...meeting, state: "ended" });
    expect(loads).toBe(0);
    expect(document.querySelector(".mh-turn")?.textContent).toContain("The meeting has ended");
    vi.advanceTimersByTime(10_000);
    turner.look({ ...meeting, state: "ended" });
    expect(loads).toBe(1);
    vi.useRealTimers();
  });

  it("does not turn in circles when a cache gives the old page", () => {
    let loads = 0;
    const look = (): void => new PageTurner("live", () => false, () => (loads += 1)).look({ ...meeting, state: "ended" });
    look();
    look();
    expect(loads).toBe(1);
  });
});

describe("papers that are published while the page is open", () => {
  const row = (id: number, papers: string): string =>
    `<li data-item-id="${id}" data-state="now"><p class="agenda-title">x</p><a class="agenda-jump">from 0:10</a>${papers}</li>`;
  const details = (text: string): string => `<details class="agenda-more"><div>${text}</div></details>`;

  function open(now: string, next: string): { root: HTMLElement; papers: Papers; asked: () => number; changed: () => number } {
    const root = document.createElement("div");
    root.innerHTML = `<ol>${now}</ol>`;
    let asked = 0;
    let changed = 0;
    const fetchPage = async (): Promise<string> => {
      asked += 1;
      return `<main><div id="agenda"><ol>${next}</ol></div></main>`;
    };
    const papers = new Papers({ root, imported: 500, fetchPage, changed: () => (changed += 1) });
    return { root, papers, asked: () => asked, changed: () => changed };
  }

  it("are shown without a new page, and the rest of the item stays", async () => {
    const { root, papers, asked, changed } = open(row(1, details("old")) + row(2, ""), row(1, details("Resolved.")) + row(2, details("new")));
    root.querySelector("details")?.setAttribute("open", "");
    await papers.look(meeting);
    expect(asked()).toBe(0);
    await Promise.all([papers.look({ ...meeting, imported_ms: 900 }), papers.look({ ...meeting, imported_ms: 900 })]);
    expect(asked()).toBe(1);
    expect([...root.querySelectorAll("details")].map((one) => [one.textContent, one.open])).toEqual([["Resolved.", true], ["new", false]]);
    expect(root.querySelectorAll("a.agenda-jump")).toHaveLength(2);
    expect(changed()).toBe(0);
  });

  it("need a new page when the order of business is another", async () => {
    const { root, papers, changed } = open(row(1, ""), row(1, details("new")) + row(3, ""));
    await papers.look({ ...meeting, imported_ms: 900 });
    expect(changed()).toBe(1);
    expect(root.querySelector("details")).toBeNull();
  });

  it("offers a new page in words", () => {
    new PageTurner("live", () => false, () => {}).renew();
    expect(document.querySelector(".mh-turn")?.textContent).toContain("Load it again");
  });
});

describe("questions", () => {
  it("stand as they were asked, or as the reader wishes, between what is being answered and what is done", () => {
    const [first, second] = meeting.agenda;
    if (!first || !second) throw new Error("too short an agenda");
    const question = (id: number, state: QuestionView["state"], votes: number, item_id: number | null = null): QuestionView => ({
      id, text: "", author: "", item_id, state, votes, answered_seconds: null,
    });
    const rows = [
      question(1, "answered", 90), question(2, "approved", 3, second.id), question(3, "approved", 8, first.id),
      question(4, "answering", 0), question(5, "approved", 3),
    ];
    const ids = (order: QuestionOrder): number[] => inOrder(rows, order, meeting.agenda).map((row) => row.id);
    expect(ids("asked")).toEqual([4, 2, 3, 5, 1]);
    expect(ids("votes")).toEqual([4, 3, 2, 5, 1]);
    expect(ids("item")).toEqual([4, 5, 3, 2, 1]);
  });

  it("are put into the order that was pressed", async () => {
    const root = document.createElement("section");
    const published = (id: number, votes: number): QuestionView => ({ id, text: `Q${id}`, author: "", item_id: null, state: "approved", votes, answered_seconds: null });
    const first = { ...meeting, questions: [published(1, 0), published(2, 5)] };
    const feed = new PublicFeed({ socket: "/", state: "/", device: "device-1", first, clock: new ServerClock(), wire: new FakeWire() });
    new Questions(root, { feed, ref: "m", url: "", answer: () => null, jump: null });
    const read = (): string[] => [...root.querySelectorAll(".mh-question__text")].map((one) => one.textContent ?? "");
    expect(read()).toEqual(["Q1", "Q2"]);
    [...root.querySelectorAll("button")].find((one) => one.textContent === "Most votes")?.click();
    await settled();
    expect(read()).toEqual(["Q2", "Q1"]);
    expect(root.querySelector("[aria-pressed='true']")?.textContent).toBe("Most votes");
  });

  it("say what is wrong at the field, until one writes on, and never beside that it was sent", async () => {
    const wire = new FakeWire();
    const feed = new PublicFeed({ socket: "/", state: "/", device: "device-1", first: { ...meeting, questions_open: true }, clock: new ServerClock(), wire });
    const root = document.body.appendChild(document.createElement("div"));
    root.innerHTML = '<form><textarea name="text" aria-describedby="text-hint"></textarea><button>Send question</button></form>';
    new Questions(root, { feed, ref: "m", url: "/questions", answer: () => null, jump: null });
    const text = root.querySelector("textarea")!;
    const send = async (words: string): Promise<string[]> => {
      text.value = words;
      root.querySelector("form")!.requestSubmit();
      await settled();
      return [...root.querySelectorAll(".question-status p")].map((one) => one.textContent ?? "");
    };
    expect(await send("Why?")).toEqual(["", "Sent. You can see below where it stands."]);
    expect(await send("")).toEqual(["Write your question first.", ""]);
    expect([text.getAttribute("aria-invalid"), text.getAttribute("aria-describedby")]).toEqual(["true", "text-hint question-failure"]);
    expect(document.getElementById("question-failure")?.textContent).toBe("Write your question first.");
    text.value = "Why not";
    text.dispatchEvent(new Event("input", { bubbles: true }));
    await settled();
    expect(document.getElementById("question-failure")?.textContent).toBe("");
    expect([text.getAttribute("aria-invalid"), text.getAttribute("aria-describedby")]).toEqual([null, "text-hint"]);
    root.remove();
  });

  it("keep until they are acknowledged", () => {
    const draft = { client_id: "c", text: "Why?", author: "", item_id: null };
    new Outbox("m").keep(draft);
    expect(new Outbox("m").waiting).toEqual(draft);
    expect(new Outbox("other").waiting).toBeNull();
    new Outbox("m").clear();
    expect(new Outbox("m").waiting).toBeNull();
  });

  it("tell their author where they stand", () => {
    const own = (state: OwnState, more: Partial<OwnQuestion> = {}): string => ownStateWords({ id: 1, text: "Why?", state, ...more });
    expect(own("pending")).toContain("Nobody else sees it yet");
    expect(own("rejected", { rejected_for: "personal" })).toBe("Not published. It names or describes a private person.");
    expect(own("answered", { answered_how: "private" })).toContain("not the answer");
    expect(own("replied")).toContain("nobody else sees it");
  });
});
