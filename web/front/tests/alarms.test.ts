import { h, render } from "preact";
import { describe, expect, it, vi } from "vitest";
import { Alarms, mends } from "../src/console/alarms";
import { Desk, type ConsolePage } from "../src/console/desk";
import { roomWords } from "../src/console/header";
import { EndDialog } from "../src/console/gate-dialogs";
import { FeedDialog } from "../src/console/feed-dialog";
import type { Alarm, EngineSnapshot, FeedStatus, GateState, MeetingState, SpeakerRow } from "../src/shared/wire";
import { engine, meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const sam: SpeakerRow = {
  id: 7, name: "Sam Lee", state: "on_air", item_id: null, summary: "", email: "", phone: "", place: 1, seconds: 180, timer: null, device_check: {},
};
const chamber: FeedStatus = {
  source: "chamber", kind: "rtmp", label: "Encoder", state: "stalled", sentence: "Nothing has come for 3 seconds.", width: 1280, height: 720,
  frames_per_second: 25, sound: true, level_dbfs: -20,
};
const alarm = (code: Alarm["code"], source = ""): Alarm => ({ code, source, sentence: `About ${code}.` });

function console_(alarms: Alarm[], gate: GateState = "open", state: MeetingState = "live", wire = new FakeWire()): Desk {
  const told: EngineSnapshot = { ...engine(gate), alarms };
  told.studio!.feeds = [chamber];
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, speakers: [sam], public: { ...meeting, state } }, engine: told,
    me: { id: 1, name: "Ann", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  return new Desk(page, wire);
}

function shown(desk: Desk): HTMLElement {
  const root = document.createElement("div");
  render(h(Alarms, { desk }), root);
  return root;
}

describe("alarms", () => {
  it.each<[Alarm, string[]]>([
    [alarm("technical"), ["return"]],
    [alarm("silent", "chamber"), ["feed:chamber", "feeds", "technical"]],
    [alarm("feed_stalled", "chamber"), ["feed:chamber", "technical"]],
    [alarm("feed_stalled", "7"), ["speaker:7"]],
    [alarm("feed_refused", "sign"), ["feed:sign", "feeds"]],
    [alarm("distorted", "7"), ["speaker:7"]],
    [alarm("one_channel", "chamber"), ["feed:chamber"]],
    [alarm("key_pictures_rare", "chamber"), ["feed:chamber"]],
    [alarm("hls_stands_still"), []],
    [alarm("ingest_away"), ["technical"]],
    [alarm("studio_away"), []],
    [alarm("not_recorded"), []],
    [alarm("too_busy"), []],
  ])("%o opens what mends it", (one, wanted) => {
    const opened = mends(console_([one]), one).map(({ opens }) => [opens.name, opens.id ?? opens.text].filter((part) => part !== undefined).join(":"));
    expect(opened).toEqual(wanted);
  });

  it("are a sentence with its buttons", () => {
    const desk = console_([alarm("technical"), alarm("studio_away")], "technical", "technical");
    const root = shown(desk);
    expect([...root.querySelectorAll(".mc-alarm > span:first-child")].map((words) => words.textContent)).toEqual(["About technical.", "About studio_away."]);
    const button = root.querySelector<HTMLButtonElement>("[data-code=technical] button")!;
    expect(button.textContent).toBe("Return to public…");
    button.click();
    expect(desk.dialog.value).toEqual({ name: "return" });
    expect(root.querySelector("[data-code=studio_away] button")).toBeNull();
  });

  it("cut at once where the gate is open and must not be", () => {
    const wire = new FakeWire();
    shown(console_([], "open", "private", wire)).querySelector("button")?.click();
    expect(wire.sent.map(({ event }) => event)).toEqual(["gate.cut"]);
  });

  it("say beside a refusal what the public have now, and not what they had then", async () => {
    const wire = new FakeWire();
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "Ann was quicker." } });
    const desk = console_([], "open", "live", wire);
    const root = shown(desk);
    await desk.run("item.next", { expected_version: 3 });
    await vi.waitFor(() => expect(root.textContent).toContain("Ann was quicker. Look at the agenda and press again if it is still right. The public see and hear the room."));
    wire.receive("state", { ...staff, public: { ...meeting, state: "private", version: meeting.version + 1 } });
    wire.receive("engine", engine("private"));
    await vi.waitFor(() => expect(root.textContent).toContain("Ann was quicker."));
    await vi.waitFor(() => expect(root.textContent).toContain("The public are excluded"));
    expect(root.textContent).not.toContain("The public see and hear the room.");
  });

  it("lead back to the public where the gate is closed and need not be", () => {
    const desk = console_([], "technical", "live");
    shown(desk).querySelector("button")?.click();
    expect(desk.dialog.value).toEqual({ name: "return" });
  });
});

it("the header says how long the disk still lasts", () => {
  expect([14.6, 2, 1.9, 0.25, 0, null].map(roomWords)).toEqual(["14 h left", "2 h left", "114 min left", "15 min left", "0 min left", ""]);
});

it("a feed's dialog says how it arrives and leads on", () => {
  const desk = console_([]);
  const root = document.body.appendChild(document.createElement("div"));
  render(h(FeedDialog, { desk, open: { name: "feed", text: "chamber" } }), root);
  expect(root.textContent).toContain("Nothing has come for 3 seconds.");
  expect(root.textContent).toContain("1280×720");
  const button = [...root.querySelectorAll("button")].find((one) => one.textContent === "Encoder addresses");
  button?.click();
  expect(desk.dialog.value).toEqual({ name: "feeds" });
});

it("a dialog of a rehearsal says that it is one, and no other does", () => {
  HTMLDialogElement.prototype.showModal = () => undefined;
  const text = (rehearsal: boolean): string => {
    const desk = console_([]);
    const root = document.body.appendChild(document.createElement("div"));
    const practice = new Desk({ ...desk.page, snapshot: { ...desk.page.snapshot, rehearsal } }, new FakeWire());
    render(h(EndDialog, { desk: practice }), root);
    return root.textContent ?? "";
  };
  expect(text(true)).toContain("This is a rehearsal: nothing is public, and nothing is recorded.");
  expect(text(false)).not.toContain("rehearsal");
});
