import { h, render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { DiscussionsButton, DiscussionsDialog, wallTime } from "../src/console/discussions";
import type { StaffPost, StaffSnapshot, StaffTopic } from "../src/shared/wire";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const STARTS = Date.UTC(2026, 10, 26, 18, 30);

const post = (id: number, state: StaffPost["state"], more: Partial<StaffPost> = {}): StaffPost => ({
  id, name: `Name ${id}`, text: `Post ${id}`, email: "", state, version: 4, flags: [], rejected_for: "", merged_into: null, sent_ms: 0, mail: "", mail_sentence: "", ...more,
});

const topic = (posts: StaffPost[], more: Partial<StaffTopic["topic"]> = {}): StaffTopic => ({
  topic: { id: 7, item_id: 1, title: "Trees", introduction: "Which?", state: "open", closes_ms: STARTS - 3600_000, summary: "", posts: [], ...more }, opened_by: "Ann", posts,
});

function show(discussions: StaffTopic[], now = STARTS - 86_400_000): { root: HTMLElement; wire: FakeWire; button: (words: string) => HTMLButtonElement } {
  const snapshot: StaffSnapshot = { ...staff, discussions, public: { ...meeting, state: "scheduled", starts_ms: STARTS, server_ms: now } };
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot, engine: null, me: { id: 1, name: "Ann", role: "clerk" }, mails: true, urls: {} as ConsolePage["urls"],
  };
  const wire = new FakeWire();
  const root = document.body.appendChild(document.createElement("div"));
  const desk = new Desk(page, wire);
  render([h(DiscussionsButton, { desk }), h(DiscussionsDialog, { desk })], root);
  const button = (words: string): HTMLButtonElement => [...root.querySelectorAll("button")].find((one) => one.textContent?.startsWith(words))!;
  return { root, wire, button };
}

describe("discussions in the console", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: STARTS - 86_400_000 });
    HTMLDialogElement.prototype.showModal = () => {};
  });
  afterEach(() => {
    document.body.replaceChildren();
    vi.useRealTimers();
  });

  it("writes the time as the clocks of the council show it, in summer too", () => {
    expect(wallTime(Date.UTC(2026, 10, 25, 17))).toBe("2026-11-25T17:00");
    expect(wallTime(Date.UTC(2026, 6, 1, 16))).toBe("2026-07-01T17:00");
  });

  it("shows what is to be read first, and how much it is", () => {
    const { root, button } = show([topic([post(1, "approved"), post(2, "unconfirmed"), post(3, "pending", { flags: ["idiot*"] })])]);
    expect(button("Discussion").textContent).toContain("Discussion (1)");
    expect([...root.querySelectorAll(".mc-question > p")].map((one) => one.textContent)).toEqual(["Post 3", "Post 2", "Post 1"]);
    expect(root.querySelector(".mc-flags")?.textContent).toBe("Look closely: idiot*");
  });

  it("approves the version that was on the screen", async () => {
    const { wire, button } = show([topic([post(3, "pending")])]);
    button("Approve").click();
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.sent.find((one) => one.event === "post.approve")?.payload).toMatchObject({ post_id: 3, seen: 4 });
  });

  it("opens a discussion on an item that has none", async () => {
    const { root, wire, button } = show([]);
    const [, title] = [...root.querySelectorAll("input, textarea")] as HTMLInputElement[];
    expect(root.querySelector<HTMLInputElement>("input[type=datetime-local]")?.value).toBe("2026-11-26T18:30");
    expect(title).toBeDefined();
    const introduction = root.querySelector("textarea")!;
    const why = root.querySelector(`#${button("Open the discussion").getAttribute("aria-describedby")}`);
    expect(why?.textContent).toBe("Write a title and an introduction first.");
    button("Open the discussion").click();
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.sent.some((one) => one.event === "discussion.open")).toBe(false);
    introduction.value = "Which trees?";
    introduction.dispatchEvent(new Event("input"));
    await vi.advanceTimersByTimeAsync(50);
    expect(root.querySelector(".mc-missing")).toBeNull();
    button("Open the discussion").click();
    await vi.advanceTimersByTimeAsync(0);
    expect(wire.sent.find((one) => one.event === "discussion.open")?.payload).toMatchObject({
      item_id: 1, title: "Item 1", introduction: "Which trees?", closes: "2026-11-26T18:30",
    });
  });

  it("is summed up once it is closed, by its time too", () => {
    expect(show([topic([])]).button("Publish the summary")).toBeUndefined();
    vi.setSystemTime(STARTS - 1000);
    expect(show([topic([])], STARTS - 1000).button("Publish the summary")).toBeDefined();
    expect(show([topic([], { state: "closed" })]).button("Publish the summary")).toBeDefined();
  });

  it("gives the link of a post that nobody could be written to", () => {
    const { root, button } = show([topic([post(2, "unconfirmed", { mail: "given_up", mail_sentence: "No mail server is set up." })])]);
    expect(root.querySelector(".mc-question")?.textContent).toContain("Not confirmed yet. No mail server is set up.");
    expect(button("Show the link")).toBeDefined();
  });
});
