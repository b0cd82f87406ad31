import { h, render } from "preact";
import { expect, it, vi } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { Rename } from "../src/console/rename";
import type { SpeakerRow } from "../src/shared/wire";
import { staff } from "./canned";
import { FakeWire } from "./fakes";

const row: SpeakerRow = {
  id: 7, name: "Rude Name", state: "on_air", item_id: null, summary: "", email: "", phone: "", place: 1, seconds: 180, timer: null, device_check: {},
};
const page: ConsolePage = {
  strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, speakers: [row] }, engine: null, me: { id: 1, name: "Ann", role: "clerk" },
  urls: {} as ConsolePage["urls"],
};

function shown(wire: FakeWire): { desk: Desk; field: HTMLInputElement; submit: HTMLButtonElement } {
  const desk = new Desk(page, wire);
  const root = document.body.appendChild(document.createElement("div"));
  desk.dialog.value = { name: "speaker", id: 7 };
  render(h(Rename, { desk, row }), root);
  return { desk, field: root.querySelector("input")!, submit: root.querySelector("button")! };
}

async function type(field: HTMLInputElement, words: string): Promise<void> {
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done));
}

it("changes a name by one field and Enter, and closes the dialog", async () => {
  const wire = new FakeWire();
  const { desk, field, submit } = shown(wire);
  expect([field.value, submit.disabled]).toEqual(["Rude Name", true]);
  await type(field, " Sam Lee ");
  expect(submit.disabled).toBe(false);
  field.form!.requestSubmit();
  await vi.waitFor(() => expect(desk.dialog.value).toBeNull());
  expect(wire.sent[0]).toMatchObject({ event: "speaker.rename", payload: { registration_id: 7, name: "Sam Lee" } });
});

it("tells when the picture could not be told", async () => {
  const wire = new FakeWire();
  wire.server = () => ({ ok: true, warning: "The picture may still show the old name." });
  const { desk, field } = shown(wire);
  await type(field, "Sam Lee");
  field.form!.requestSubmit();
  await vi.waitFor(() => expect(desk.notice.value).toContain("old name"));
});
