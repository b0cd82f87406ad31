import { type ComponentType, h, render } from "preact";
import { expect, it, vi } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { EndDialog, ReturnDialog } from "../src/console/gate-dialogs";
import type { MeetingState } from "../src/shared/wire";
import { engine, meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const CUT = 1000;
const LATER = 2000;

const drawn = (): Promise<void> => new Promise((done) => setTimeout(done));

interface Table {
  wire: FakeWire;
  desk: Desk;
  becomes: (state: MeetingState, since: number) => Promise<void>;
  press: () => void;
  since: () => unknown[];
}

function table(dialog: ComponentType<{ desk: Desk }>, button: string, state: MeetingState): Table {
  HTMLDialogElement.prototype.showModal = () => undefined;
  const wire = new FakeWire();
  let version = meeting.version;
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, public: { ...meeting, state } }, engine: engine("technical"),
    me: { id: 1, name: "Ann", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  const root = document.body.appendChild(document.createElement("div"));
  const desk = new Desk(page, wire);
  desk.dialog.value = { name: dialog === ReturnDialog ? "return" : "end" };
  render(h(dialog, { desk }), root);
  return {
    wire,
    desk,
    becomes: async (next, since) => {
      wire.receive("state", { ...staff, public: { ...meeting, state: next, state_since_ms: since, version: ++version } });
      await drawn();
    },
    press: () => [...root.querySelectorAll("button")].find((one) => one.textContent?.includes(button))?.click(),
    since: () => wire.sent.map(({ payload }) => payload["since"]),
  };
}

it("a cut of one's own whose state arrives after the dialog was opened is what one had before one", async () => {
  const { becomes, press, since } = table(ReturnDialog, "Yes", "live");
  await becomes("technical", CUT);
  await becomes("private", LATER);
  press();
  await drawn();
  expect(since()).toEqual([CUT]);
});

it("a private session that begins meanwhile is not", async () => {
  const { becomes, press, since } = table(ReturnDialog, "Yes", "live");
  await becomes("private", CUT);
  await becomes("technical", LATER);
  press();
  await drawn();
  expect(since()).toEqual([meeting.state_since_ms]);
});

it.each([
  [ReturnDialog, "Yes", "technical"],
  [EndDialog, "End the meeting now", "live"],
] as const)("what somebody made of it meanwhile is refused, and asked anew", async (dialog, button, state) => {
  const { wire, desk, becomes, press, since } = table(dialog, button, state);
  wire.server = () => ({ ok: false, error: { code: "conflict", message: "Bob was quicker." } });
  await becomes("private", CUT);
  press();
  await vi.waitFor(() => expect(desk.dialog.value).toBeNull());
  expect(desk.trouble.value).toContain("Bob was quicker.");
  expect(since()).toEqual([meeting.state_since_ms]);
});

it("another refusal leaves the dialog open", async () => {
  const { wire, desk, press } = table(EndDialog, "End the meeting now", "live");
  wire.server = () => ({ ok: false, error: { code: "media_unavailable", message: "The studio is away." } });
  press();
  await vi.waitFor(() => expect(desk.trouble.value).toContain("The studio is away."));
  await drawn();
  expect(desk.dialog.value).not.toBeNull();
});
