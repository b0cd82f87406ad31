import { h, render } from "preact";
import { describe, expect, it, vi } from "vitest";
import { ApproveDialog } from "../src/console/batch";
import { Desk, type ConsolePage } from "../src/console/desk";
import { handsAt } from "../src/console/hands";
import { shortcuts } from "../src/console/keyboard";
import { nextAnswer, Questions } from "../src/console/questions";
import { unconfirmed } from "../src/console/queue";
import type { QuestionView, SpeakerRow, SpeakerState, StaffQuestion, StaffSnapshot } from "../src/shared/wire";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

describe("the key for questions", () => {
  const asked = (id: number, state: QuestionView["state"], votes = 0, item_id: number | null = null): QuestionView => (
    { id, text: `Q${id}`, author: "", item_id, state, votes, answered_seconds: null }
  );
  const next = (...questions: QuestionView[]): [string, number] | null => {
    const step = nextAnswer({ ...meeting, questions });
    return step && [step.command, step.question.id];
  };

  it("ends the answer that is under way, else takes up the next: of this item, then by votes, then by age", () => {
    expect(next(asked(1, "approved", 9), asked(2, "answering"))).toEqual(["question.finish_answer", 2]);
    expect(next(asked(1, "approved", 9), asked(2, "approved", 0, 1))).toEqual(["question.start_answer", 2]);
    expect(next(asked(1, "approved", 2), asked(3, "approved", 5), asked(2, "approved", 5))).toEqual(["question.start_answer", 2]);
    expect(next(asked(1, "answered"))).toBeNull();
  });
});

describe("several at once", () => {
  const ask = (id: number, flags: string[] = [], version = 1): StaffQuestion => (
    { id, text: `Q${id}`, author: "", item_id: null, asked_ms: 0, version, flags, state: "pending" }
  );
  const told = (version: number, pending: StaffQuestion[]): StaffSnapshot => ({ ...staff, public: { ...meeting, version }, pending });
  const page = (snapshot: StaffSnapshot): ConsolePage => ({
    strings: {}, socket: "/socket.io/", ref: "m", snapshot, engine: null, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} as ConsolePage["urls"],
  });
  const open = (desk: Desk): { root: HTMLElement; button: () => HTMLButtonElement } => {
    const root = document.body.appendChild(document.createElement("div"));
    render(h(ApproveDialog, { desk }), root);
    return { root, button: () => root.querySelector<HTMLButtonElement>(".mc-button--primary")! };
  };
  const sent = (wire: FakeWire): unknown[] => wire.sent.map(({ payload }) => payload["question_id"]);

  it("leaves out what is flagged, and what came or changed after the dialog was opened", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page(told(3, [ask(1), ask(2, ["a name"]), ask(3)])), wire);
    const { button } = open(desk);
    expect(button().textContent).toBe("Approve 2");
    wire.receive("state", told(4, [ask(1), ask(2, ["a name"]), ask(3, [], 2), ask(4)]));
    await vi.waitFor(() => expect(button().textContent).toBe("Approve 1"));
    button().click();
    await vi.waitFor(() => expect(sent(wire)).toEqual([1]));
  });

  it("leaves the key for what is left to be pressed at once", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page(told(3, [ask(1), ask(2, ["a name"])])), wire);
    desk.aims.question.see(1);
    const { button } = open(desk);
    button().click();
    await vi.waitFor(() => expect(sent(wire)).toEqual([1]));
    expect(desk.aims.question.fires(2)).toBe(true);
  });

  it("takes what is ticked by hand", async () => {
    const wire = new FakeWire();
    const { root, button } = open(new Desk(page(told(3, [ask(1), ask(2, ["a name"])])), wire));
    root.querySelectorAll<HTMLInputElement>("input").forEach((box) => box.click());
    await vi.waitFor(() => expect(button().textContent).toBe("Approve 1"));
    button().click();
    await vi.waitFor(() => expect(sent(wire)).toEqual([2]));
  });

  it("stops at the first that is refused, and stays open to say why", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page(told(3, [ask(1), ask(2), ask(3)])), wire);
    desk.dialog.value = { name: "approve" };
    wire.server = (_, payload) => (payload["question_id"] === 2 ? { ok: false, error: { code: "conflict", message: "Bob was quicker." } } : { ok: true });
    open(desk).button().click();
    await vi.waitFor(() => expect(desk.trouble.value).toContain("Bob was quicker."));
    expect(sent(wire)).toEqual([1, 2]);
    expect(desk.dialog.value).not.toBeNull();
  });

  it("confirms those who wait for it, and nobody else", () => {
    const row = (id: number, state: SpeakerState, part: SpeakerRow["part"] = "speaker"): SpeakerRow => ({
      id, name: `R${id}`, part, state, item_id: 1, summary: "", email: "", phone: "", place: id, seconds: 180, timer: null, device_check: {},
    });
    const rows = [row(1, "submitted"), row(2, "waiting_list"), row(3, "confirmed"), row(4, "submitted", "signer")];
    expect(unconfirmed(rows).map(({ id }) => id)).toEqual([1]);
  });
});

describe("several officers at the questions", () => {
  const question = { id: 7, text: "Why?", author: "", item_id: null, asked_ms: 0, version: 4, state: "pending" as const };
  const page = {
    ref: "m", engine: null, me: { id: 1, name: "Ann", role: "clerk" }, strings: {}, socket: "/socket.io/",
    snapshot: { ...staff, pending: [question], hands: [
      { question_id: 7, staff_id: 1, name: "Ann", since_ms: 1000 }, { question_id: 7, staff_id: 2, name: "Bob", since_ms: 1000 },
      { question_id: 8, staff_id: 3, name: "Cat", since_ms: 1000 },
    ] },
    urls: {} as ConsolePage["urls"],
  };

  it("see the hands of others, until they are forgotten there", () => {
    const desk = new Desk(page, new FakeWire());
    expect(handsAt(desk, 7, 2000).map((hand) => hand.name)).toEqual(["Bob"]);
    expect(handsAt(desk, 7, 200_000)).toEqual([]);
  });

  it("do not decide by a key about words that its author has changed under their eyes", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    render(h(Questions, { desk }), document.body.appendChild(document.createElement("div")));
    const snapshot = { ...staff, public: { ...meeting, version: 9 }, pending: [{ ...question, text: "Never?", edited_ms: 5, version: 5 }] };
    wire.receive("state", snapshot);
    await vi.waitFor(() => expect(document.body.textContent).toContain("Never?"));
    expect(document.body.textContent).toContain("changed by its author at 01:00");
    shortcuts(desk)["a"]?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(wire.sent).toEqual([]);
  });

  it("say of a question that changed as they pressed which words they had read", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    const root = document.body.appendChild(document.createElement("div"));
    render(h(Questions, { desk }), root);
    const seen = async (): Promise<unknown> => {
      const sent = wire.sent.length;
      root.querySelector<HTMLButtonElement>(".mc-button--primary")!.click();
      await vi.waitFor(() => expect(wire.sent.length).toBe(sent + 1));
      await vi.waitFor(() => expect(desk.flying.value.size).toBe(0));
      return wire.sent[sent]?.payload["seen"];
    };
    expect(await seen()).toBe(4);
    wire.receive("state", { ...staff, public: { ...meeting, version: 9 }, pending: [{ ...question, text: "Never?", edited_ms: 5, version: 5 }] });
    await vi.waitFor(() => expect(root.textContent).toContain("Never?"));
    expect(await seen()).toBe(4);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await seen()).toBe(5);
    vi.useRealTimers();
  });

  it("say which version of a question was on the screen", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    shortcuts(desk)["a"]?.();
    await vi.waitFor(() => expect(wire.sent.length).toBe(1));
    expect(wire.sent[0]).toMatchObject({ event: "question.approve", payload: { question_id: 7, seen: 4 } });
  });
});
