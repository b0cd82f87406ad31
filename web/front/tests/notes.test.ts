import { h, render } from "preact";
import { expect, it, vi } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { NoteDialog } from "../src/console/notes";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

it("a note goes to the current item, and those before stand below", async () => {
  const wire = new FakeWire();
  const note = { id: 1, item_id: 1, seconds: 65, text: "Cllr Ash left", by: "Ann", at_ms: Date.UTC(2026, 10, 26, 19, 2) };
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, public: { ...meeting, now_item_id: 1 }, notes: [note, { ...note, id: 2, item_id: 2, text: "Of another" }] },
    engine: null, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  const root = document.body.appendChild(document.createElement("div"));
  render(h(NoteDialog, { desk: new Desk(page, wire) }), root);
  expect([...root.querySelectorAll(".mc-notes li")].map((line) => line.textContent)).toEqual(["19:02, Ann, at 1:05: Cllr Ash left"]);
  const field = root.querySelector("textarea")!;
  field.value = " The chair asked for order. ";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => setTimeout(done));
  field.form!.requestSubmit();
  await vi.waitFor(() => expect(wire.sent[0]).toMatchObject({ event: "note.write", payload: { item_id: 1, text: "The chair asked for order." } }));
  await vi.waitFor(() => expect(field.value).toBe(""));
  render(null, root);
  root.remove();
});
