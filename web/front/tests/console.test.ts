import { h, render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextItem, undoWords, undoable } from "../src/console/agenda";
import { Desk, keyOf, type ConsolePage } from "../src/console/desk";
import { shortcuts } from "../src/console/app";
import { ApproveDialog, unconfirmed } from "../src/console/batch";
import { Checklist, missing } from "../src/console/checklist";
import { addresses } from "../src/console/feeds";
import { hearingWords } from "../src/console/hearing";
import { handsAt } from "../src/console/hands";
import { disagreement, publicSees, publicWord } from "../src/console/public-state";
import { nextAnswer } from "../src/console/questions";
import { DoublePress, listenForShortcuts, pressKey } from "../src/console/shortcuts";
import { isOf, nextStep } from "../src/console/speakers";
import { answers, brief } from "../src/console/taking-part";
import type { CheckView, EngineSnapshot, GateState, MeetingState, QuestionView, SpeakerRow, SpeakerState, StaffQuestion, StaffSnapshot } from "../src/shared/wire";
import { FakeWire } from "./fakes";
import { engine, item, meeting, staff } from "./canned";

describe("what the public have", () => {
  const word = (state: MeetingState, gate: GateState | null): string =>
    publicWord({ ...meeting, state }, gate === null ? null : engine(gate));

  it("is one word, and the gate's own counts more than the database's", () => {
    expect(word("scheduled", null)).toBe("OFF");
    expect(word("pre_show", "waiting")).toBe("SLATE");
    expect(word("live", "open")).toBe("LIVE");
    expect(word("live", "technical")).toBe("SLATE");
    expect(word("private", "private")).toBe("PRIVATE");
    expect(word("live", "private")).toBe("PRIVATE");
    expect(word("live", null)).toBe("OFF");
    expect(word("published", null)).toBe("OFF");
  });

  it("is said in a sentence", () => {
    expect(publicSees(meeting, engine("open"))).toBe("The public see and hear the room.");
    expect(publicSees({ ...meeting, state: "private" }, engine("private"))).toContain("excluded");
  });

  it("alarms when gate and database disagree", () => {
    expect(disagreement({ ...meeting, state: "private" }, engine("open"))).toContain("Press CUT");
    expect(disagreement(meeting, engine("technical"))).toContain("closed");
    expect(disagreement(meeting, engine("open"))).toBeNull();
  });
});

describe("the run of show", () => {
  it("goes from nothing to the first item, over headings, and ends", () => {
    const agenda = [item(1), { ...item(2), heading: true }, item(3)];
    expect(nextItem({ ...meeting, agenda, now_item_id: null })?.id).toBe(1);
    expect(nextItem({ ...meeting, agenda, now_item_id: 1 })?.id).toBe(3);
    expect(nextItem({ ...meeting, agenda, now_item_id: 3 })).toBeNull();
    expect(nextItem({ ...meeting, state: "ended", agenda, now_item_id: null })).toBeNull();
  });

  it("offers to undo a step to who made it, while there is time", () => {
    const step = { step: 7, action: "item.next", by: "Sam", label: "2. Budget", until_ms: 31_000 };
    const undo = [{ ...step, step: 6, by: "Kim" }, step];
    expect(undoable({ ...staff, undo }, "Sam", 30_999)).toEqual(step);
    expect(undoWords(step)).toBe("Undo: 2. Budget");
    expect(undoWords({ ...step, action: "speaker.finish", label: "Sam Lee" })).toBe("Undo: take Sam Lee off");
    expect(undoable({ ...staff, undo }, "Sam", 31_000)).toBeNull();
    expect(undoable({ ...staff, undo }, "Alex", 2000)).toBeNull();
    expect(undoable({ ...staff, undo: [] }, "Sam", 2000)).toBeNull();
  });
});

describe("the key for speakers", () => {
  const row = (id: number, state: SpeakerState, item_id = 1): SpeakerRow => ({
    id, name: `R${id}`, state, item_id, summary: "", email: "", phone: "", place: id, seconds: 180, timer: null, device_check: {},
  });

  it("takes off, admits, or calls, whichever is next", () => {
    expect(nextStep([row(1, "checked_in"), row(2, "on_air")], 1)).toMatchObject({ command: "speaker.finish", row: { id: 2 } });
    expect(nextStep([row(1, "checked_in"), row(2, "called")], 1)).toMatchObject({ command: "speaker.admit", row: { id: 2 } });
    expect(nextStep([row(1, "checked_in", 9), row(2, "checked_in", 1)], 1)).toMatchObject({ command: "speaker.call", row: { id: 2 } });
    expect(nextStep([row(1, "confirmed")], 1)).toBeNull();
  });

  it("finds a speaker's feed by the registration's number", () => {
    expect(isOf(row(12, "called"), "speaker-12")).toBe(true);
    expect(isOf(row(12, "called"), "12")).toBe(true);
    expect(isOf(row(2, "called"), "speaker-12")).toBe(false);
  });
});

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
    await vi.waitFor(() => expect(desk.trouble.value?.what).toContain("Bob was quicker."));
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

describe("keys of a dialog", () => {
  it("work on its buttons and boxes, and not in its fields", () => {
    const done: string[] = [];
    const root = document.body.appendChild(document.createElement("div"));
    root.innerHTML = '<button></button><input type="checkbox"><input type="radio"><input type="text"><select></select>';
    root.addEventListener("keydown", (event) => void pressKey(event, { y: () => done.push((event.target as Element).outerHTML) }));
    for (const element of root.children) element.dispatchEvent(new KeyboardEvent("keydown", { key: "Y", bubbles: true }));
    root.children[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "y", ctrlKey: true, bubbles: true }));
    expect(done).toEqual(["<button></button>", '<input type="checkbox">', '<input type="radio">']);
  });
});

describe("cutting by Escape Escape", () => {
  it("needs both within the time", () => {
    const press = new DoublePress(800);
    expect(press.press(0)).toBe(false);
    expect(press.press(700)).toBe(true);
    expect(press.press(900)).toBe(false);
    expect(press.press(2000)).toBe(false);
  });

  it("works in a text field, where letters do nothing; nothing works while a dialog is open", () => {
    let dialog = false;
    const done: string[] = [];
    listenForShortcuts({
      shortcuts: () => ({ n: () => done.push("n") }),
      dialogOpen: () => dialog,
      onFirstEscape: () => undefined,
      onCut: () => done.push("cut"),
    });
    const press = (key: string, target: EventTarget = document.body): boolean =>
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const field = document.body.appendChild(document.createElement("input"));
    press("n");
    press("n", field);
    press("Escape", field);
    press("Escape", field);
    expect(done).toEqual(["n", "cut"]);
    dialog = true;
    press("n");
    press("Escape");
    press("Escape");
    expect(done).toEqual(["n", "cut"]);
  });
});

describe("the desk", () => {
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: staff, engine: engine("open"), me: { id: 1, name: "Sam", role: "clerk" },
    urls: { whep: "", hls: "", picture: "", meeting: "", display: "", chair: "", whip: "http://h/whip/m/chamber", captions: "", rtmp: "rtmp://h/live", srt: "srt://h:9000", register: "" },
  };

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("sends one command for one button, however often it is pressed", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    const first = desk.run("item.next", { expected_version: 3 });
    expect(desk.isFlying("item.next")).toBe(true);
    expect(await desk.run("item.next", { expected_version: 3 })).toBeNull();
    expect((await first)?.ok).toBe(true);
    expect(desk.isFlying("item.next")).toBe(false);
    expect(wire.sent).toHaveLength(1);
  });

  it("lays out and shows names by the keys 0 to 7 and C", () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    const keys = shortcuts(desk);
    keys["0"]?.();
    keys["6"]?.();
    keys["c"]?.();
    expect(wire.sent.map(({ event, payload }) => [event, payload])).toEqual([
      ["layout.set", expect.objectContaining({ layout: null, transition: "dissolve" })],
      ["layout.set", expect.objectContaining({ layout: "grid", transition: "dissolve" })],
      ["captions.show", expect.objectContaining({ visible: true })],
    ]);
  });

  it("says that somebody else was quicker, and what the public see", async () => {
    const wire = new FakeWire();
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "Item 6 is current already." } });
    const desk = new Desk(page, wire);
    expect(await desk.run("item.next", { expected_version: 3 })).toBeNull();
    expect(desk.trouble.value?.what).toContain("Item 6 is current already.");
    expect(desk.trouble.value?.sees).toBe("The public see and hear the room.");
  });

  it("keeps saying what went wrong when an earlier press is answered after it, until the next press", async () => {
    const wire = new FakeWire();
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ ok: true })));
    const desk = new Desk(page, wire);
    wire.server = () => undefined;
    const slow = desk.run("item.next", { expected_version: 3 });
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "The agenda has moved." } });
    await desk.run("item.undo", { expected_version: 3 });
    await vi.advanceTimersByTimeAsync(3000);
    expect((await slow)?.ok).toBe(true);
    expect(desk.trouble.value?.what).toContain("The agenda has moved.");
    wire.server = () => ({ ok: true });
    await desk.run("item.next", { expected_version: 4 });
    expect(desk.trouble.value).toBeNull();
  });

  it("cuts by plain HTTP under the same name when the socket is silent", async () => {
    const wire = new FakeWire();
    wire.server = () => undefined;
    const calls: { url: string; body: Record<string, unknown> }[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      calls.push({ url, body: JSON.parse(String(init.body)) as Record<string, unknown> });
      return new Response(JSON.stringify({ ok: true }));
    });
    const desk = new Desk(page, wire);
    const cut = desk.cut();
    await vi.advanceTimersByTimeAsync(3000);
    await cut;
    expect(calls[0]?.url).toBe("/api/v1/meetings/m/commands/gate.cut");
    expect(calls[0]?.body["client_id"]).toBe(wire.sent[0]?.payload["client_id"]);
    expect(desk.trouble.value).toBeNull();
  });

  it("takes snapshots by their version", () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    wire.receive("state", { ...staff, public: { ...meeting, version: 9, title: "New" } });
    wire.receive("state", { ...staff, public: { ...meeting, version: 8, title: "Old" } });
    expect(desk.meeting.value.title).toBe("New");
    const heard: EngineSnapshot = { ...engine("private"), viewers: 12 };
    wire.receive("engine", heard);
    expect(desk.engine.value?.viewers).toBe(12);
  });

  it("knows buttons by command and row", () => {
    expect(keyOf("speaker.call", { registration_id: 4 })).toBe("speaker.call:4");
    expect(keyOf("gate.cut", {})).toBe("gate.cut");
  });

  it("writes the key into the addresses that need it, once", () => {
    const [chamber] = addresses({ page }, { chamber: "KEY" });
    expect(chamber?.fields.map((field) => field.value)).toEqual(["http://h/whip/m/chamber", "KEY", "rtmp://h/live/KEY", "srt://h:9000?streamid=KEY"]);
  });

  it("tells a captioner where to send lines, once, where there are captions", () => {
    const urls = { ...page.urls, captions: "http://h/captions/m" };
    const [chamber, sign] = addresses({ page: { ...page, urls } }, { chamber: "KEY", sign: "OTHER" });
    expect(chamber?.fields.at(-1)).toMatchObject({ value: "http://h/captions/m", secret: false });
    expect(sign?.fields.map((field) => field.value)).not.toContain("http://h/captions/m");
  });
});

describe("the checklist", () => {
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, public: { ...meeting, state: "pre_show" } }, engine: engine("waiting"),
    me: { id: 1, name: "Sam", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  const lines: CheckView[] = [
    { about: "feed", check: "missing", sentence: "No feed." }, { about: "sound", check: "look", sentence: "Too loud." },
    { about: "chair", check: "fine", sentence: "The chair is here." }, { about: "clerk", check: "missing", sentence: "No clerk." },
  ];
  const show = (desk: Desk): HTMLElement => {
    const root = document.createElement("div");
    render(h(Checklist, { desk }), root);
    return root;
  };

  it("says each line with how it stands, and has the button that mends it", () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    expect(show(desk).textContent).toBe("");
    wire.receive("checklist", { lines });
    const root = show(desk);
    expect([...root.querySelectorAll("li > strong")].map((word) => word.textContent)).toEqual(["Missing", "Look", "Fine", "Missing"]);
    const press = (about: string): void => root.querySelector<HTMLButtonElement>(`[data-about=${about}] button`)?.click();
    press("chair");
    press("clerk");
    expect(wire.sent.map(({ event, payload }) => [event, payload["office"], payload["present"]])).toEqual([
      ["attendance.mark", "chair", false], ["attendance.mark", "clerk", true],
    ]);
    press("feed");
    expect(desk.dialog.value?.name).toBe("feeds");
    expect(root.querySelector("[data-about=sound] button")).toBeNull();
  });

  it("counts what is missing, and nothing that only wants a look", () => {
    expect(missing(lines).map((line) => line.about)).toEqual(["feed", "clerk"]);
  });
});

describe("what a resident was asked", () => {
  const row: SpeakerRow = {
    id: 1, name: "Sam", state: "submitted", item_id: null, summary: "", email: "", phone: "", place: 1, seconds: 180, timer: null,
    device_check: {}, kind: "speak", side: "against", mode: "in_person", consent: "sound_only", access_needs: "A loop", late: true,
  };

  it("is under the name, in short", () => {
    expect(brief(row)).toEqual(["against", "sound only", "in the room", "access needs", "came late: the chair decides"]);
    expect(brief({ ...row, side: "", mode: "remote", consent: "picture_and_sound", access_needs: "", late: false })).toEqual([]);
    expect(brief({ ...row, kind: "statement", consent: "", access_needs: "", late: false, mode: "" })).toEqual(["against", "written statement"]);
  });

  it("is in the dialog in full", () => {
    const told = Object.fromEntries(answers({ ...row, spokesperson_for: "Friends of the Limes", text: "Keep them.", may_share: true }));
    expect(told).toMatchObject({ Side: "against", Needs: "A loop", "Speaks for": "Friends of the Limes", "In writing": "Keep them.", "May be broadcast": "sound only" });
  });
});
describe("viewers who cannot hear", () => {
  it("are counted in a sentence with the times", () => {
    const at = Date.UTC(2026, 10, 26, 19, 2);
    const words = hearingWords({ people: 3, since_ms: at, last_ms: at + 180_000, seconds: 60 });
    expect(words).toMatch(/^3 viewers say that they cannot hear the meeting \(.*02.* to .*05.*\)\.$/);
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

  it("say which version of a question was on the screen", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    shortcuts(desk)["a"]?.();
    await vi.waitFor(() => expect(wire.sent.length).toBe(1));
    expect(wire.sent[0]).toMatchObject({ event: "question.approve", payload: { question_id: 7, seen: 4 } });
  });
});
