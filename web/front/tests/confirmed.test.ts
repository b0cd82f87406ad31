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
  becomes: (state: MeetingState, since: number) => Promise<void>;
  says: () => string;
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
  render(h(dialog, { desk: new Desk(page, wire) }), root);
  return {
    wire,
    becomes: async (next, since) => {
      wire.receive("state", { ...staff, public: { ...meeting, state: next, state_since_ms: since, version: ++version } });
      await drawn();
    },
    says: () => root.textContent ?? "",
    press: () => [...root.querySelectorAll("button")].find((one) => one.textContent?.includes(button))?.click(),
    since: () => wire.sent.map(({ payload }) => payload["since"]),
  };
}

const conflict = { ok: false, error: { code: "conflict", message: "Bob was quicker." } } as const;

it("a cut of one's own whose state arrives after the dialog was opened is what one had before one", async () => {
  const { wire, becomes, press, since } = table(ReturnDialog, "Yes", "live");
  await becomes("technical", CUT);
  await becomes("private", LATER);
  press();
  await vi.waitFor(() => expect(wire.sent).toHaveLength(1));
  expect(since()).toEqual([CUT]);
});

it.each([
  [ReturnDialog, "Yes", "technical"],
  [EndDialog, "End the meeting now", "live"],
] as const)("what somebody made of it meanwhile is confirmed by nobody before a refusal has said so", async (dialog, button, state) => {
  const { wire, becomes, press, says, since } = table(dialog, button, state);
  wire.server = () => conflict;
  await becomes("private", CUT);
  press();
  await vi.waitFor(() => expect(says()).toContain("Bob was quicker."));
  await becomes("adjourned", LATER);
  press();
  await vi.waitFor(() => expect(wire.sent).toHaveLength(2));
  expect(since()).toEqual([meeting.state_since_ms, CUT]);
});
