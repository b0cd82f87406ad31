import { h, render } from "preact";
import { expect, it, vi } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { SpeakerDialog } from "../src/console/speaker-dialog";
import type { SpeakerRow } from "../src/shared/wire";
import { staff } from "./canned";
import { FakeWire } from "./fakes";

const row: SpeakerRow = {
  id: 7, name: "Sam Lee", state: "confirmed", item_id: null, summary: "", email: "", phone: "01904 551 550", place: 1, seconds: 180, timer: null, device_check: {},
};
const page: ConsolePage = {
  strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, speakers: [row] }, engine: null, me: { id: 1, name: "Ann", role: "clerk" },
  urls: {} as ConsolePage["urls"],
};

it("is shown to be copied, and as what an officer says on the telephone", async () => {
  const wire = new FakeWire();
  wire.server = () => ({ ok: true, token: "SECRET", short_code: "K7QM-2XPA" });
  const desk = new Desk(page, wire);
  const root = document.body.appendChild(document.createElement("div"));
  const open = { name: "speaker", id: 7 } as const;
  desk.dialog.value = open;
  render(h(SpeakerDialog, { desk, open }), root);
  expect(root.textContent).not.toContain("K7QM");
  [...root.querySelectorAll("button")].find((one) => one.textContent?.includes("Show the link"))!.click();
  await vi.waitFor(() => expect(root.textContent).toContain(`Open ${location.host}/code and enter the code K7QM-2XPA and your surname.`));
  expect([...root.querySelectorAll("input")].map((one) => one.value)).toContain(`${location.origin}/speak/SECRET`);
});
