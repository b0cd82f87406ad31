import { h, render } from "preact";
import { beforeEach, describe, expect, it } from "vitest";
import { shortcuts } from "../src/console/keyboard";
import { Feedback, feedbackWords } from "../src/console/feedback";
import { figuresWords, parseOptions, pollWord, PollsDialog } from "../src/console/polls";
import { currentPoll, WebinarPanel } from "../src/console/webinar";
import { Desk, type ConsolePage } from "../src/console/desk";
import { PublicFeed } from "../src/public/feed";
import { Polls } from "../src/public/polls";
import { ServerClock } from "../src/shared/clock";
import type { PollView, StaffPoll } from "../src/shared/wire";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const poll: PollView = { id: 7, text: "What helps?", kind: "single", options: ["Time", "Money"], state: "open", figures: null };
const known: StaffPoll = { ...poll, state: "open", shown: false, figures: { people: 3, counts: [1, 2], mean: null } };

beforeEach(() => {
  localStorage.clear();
  document.body.replaceChildren();
});

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

function page(first: PollView[], voted: number[] = []): { root: HTMLElement; wire: FakeWire; feed: PublicFeed } {
  const wire = new FakeWire();
  const snapshot = { ...meeting, kind: "webinar" as const, polls: first };
  const feed = new PublicFeed({ socket: "/", state: "/", device: "device-1", first: snapshot, clock: new ServerClock(), wire });
  const root = document.body.appendChild(document.createElement("section"));
  root.innerHTML = `<ul class="poll-list"><li>the server’s own</li></ul>`;
  const polls = new Polls(root, { feed, url: "/polls", voted });
  polls.update(feed.snapshot.value);
  return { root, wire, feed };
}

describe("polls on the page", () => {
  it("answers by the socket, once, and says so", async () => {
    const { root, wire } = page([poll]);
    expect(root.textContent).not.toContain("the server’s own");
    root.querySelector<HTMLInputElement>("input[value='2']")?.click();
    root.querySelector<HTMLFormElement>("form")?.requestSubmit();
    await settled();
    expect(wire.sent.map(({ event, payload }) => [event, payload["choices"]])).toEqual([["poll.vote", [2]]]);
    expect(root.querySelector("form")).toBeNull();
    expect(root.textContent).toContain("You have voted.");
  });

  it("keeps the form and says what is wrong", async () => {
    const { root, wire } = page([poll]);
    wire.server = () => ({ ok: false, error: { code: "invalid", message: "Choose an answer." } });
    root.querySelector<HTMLFormElement>("form")?.requestSubmit();
    await settled();
    expect(root.querySelector("[role=alert]")?.textContent).toBe("Choose an answer.");
    expect(root.querySelector("form")).not.toBeNull();
  });

  it("shows figures as officers show them, and is gone without polls", async () => {
    const { root, feed } = page([poll], [7]);
    expect(root.querySelector("form")).toBeNull();
    expect(root.querySelector("progress")).toBeNull();
    feed.snapshot.offer({ ...feed.snapshot.value, version: 4, polls: [{ ...poll, figures: { people: 3, counts: [1, 2], mean: null } }] });
    await settled();
    expect([...root.querySelectorAll("progress")].map((bar) => [bar.value, bar.max])).toEqual([[1, 3], [2, 3]]);
    expect(page([]).root.hidden).toBe(true);
  });
});

describe("polls in the console", () => {
  it("has words for where a poll stands", () => {
    expect(parseOptions(" Yes \n\n No")).toEqual(["Yes", "No"]);
    expect([pollWord({ ...known, state: "draft" }), pollWord(known), pollWord({ ...known, state: "closed", shown: true })]).toEqual([
      "Draft", "Open", "Closed, figures public",
    ]);
    expect(figuresWords(known)).toBe("Time 1 · Money 2");
    expect(figuresWords({ ...known, kind: "scale", figures: { people: 3, counts: [1, 2], mean: 1.67 } })).toContain("on average 1.67");
    expect(currentPoll([{ ...known, state: "closed", shown: true }, known, { ...known, id: 8, state: "draft" }])?.id).toBe(7);
  });

  it("makes one and opens it at once", async () => {
    const wire = new FakeWire();
    wire.server = (event) => (event === "poll.create" ? { ok: true, poll_id: 9 } : { ok: true });
    const snapshot = { ...staff, public: { ...meeting, kind: "webinar" as const }, polls: [known], attending: 12 };
    const data = { ref: "m", strings: {}, socket: "/", snapshot, engine: null, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} };
    const desk = new Desk(data as unknown as ConsolePage, wire);
    const root = document.body.appendChild(document.createElement("div"));
    HTMLDialogElement.prototype.showModal ??= () => undefined;
    render(h(PollsDialog, { desk }), root);
    const type = (selector: string, value: string): void => {
      const field = root.querySelector<HTMLInputElement>(selector);
      if (!field) throw new Error(selector);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    type("input[type=text]", "Which?");
    type("textarea", "A\nB");
    await settled();
    [...root.querySelectorAll("button")].find((button) => button.textContent?.includes("Open now"))?.click();
    await settled();
    await settled();
    expect(wire.sent.map(({ event, payload }) => [event, payload["options"] ?? payload["poll_id"]])).toEqual([
      ["poll.create", ["A", "B"]], ["poll.open", 9],
    ]);
    const panel = document.body.appendChild(document.createElement("div"));
    render(h(WebinarPanel, { desk }), panel);
    expect(panel.textContent).toContain("12 registered");
    expect(panel.textContent).toContain("3 have answered");
  });
});

describe("feedback in the console", () => {
  it("is a mean in words and what was written", () => {
    const feedback = { people: 2, counts: [0, 0, 0, 1, 1], mean: 4.5, texts: ["More of it"] };
    expect(feedbackWords({ ...feedback, people: 0, mean: null })).toBe("Nobody has given feedback yet.");
    const root = document.body.appendChild(document.createElement("div"));
    render(h(Feedback, { feedback, meeting: "m" }), root);
    expect(root.textContent).toContain("4.5 of 5 · from 2 people");
    expect(root.textContent).toContain("More of it");
  });
});

describe("the keys of a webinar", () => {
  it("leave those of other meetings as they are", () => {
    const keysOf = (kind: "meeting" | "webinar"): string[] => {
      const snapshot = { ...staff, public: { ...meeting, kind } };
      const data = { ref: "m", strings: {}, socket: "/", snapshot, engine: null, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} };
      return Object.keys(shortcuts(new Desk(data as unknown as ConsolePage, new FakeWire())));
    };
    const usual = keysOf("meeting");
    expect(keysOf("webinar").filter((key) => !usual.includes(key))).toEqual(["z", "h"]);
    expect(usual).not.toContain("z");
    expect(usual).not.toContain("h");
  });
});
