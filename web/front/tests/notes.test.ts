import { h, render, type JSX } from "preact";
import { expect, it, vi } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { NoteDialog } from "../src/console/notes";
import { AnswerDialog } from "../src/console/question-dialogs";
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
  const desk = new Desk(page, wire);
  render(h(NoteDialog, { desk }), root);
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

it("what an officer was writing is there again after the dialog was closed, until it is sent", async () => {
  HTMLDialogElement.prototype.showModal = () => undefined;
  const wire = new FakeWire();
  const question = { id: 4, text: "Why?", author: "", item_id: null, state: "pending" as const, votes: 0 };
  const page = { strings: {}, socket: "/", ref: "m", snapshot: { ...staff, pending: [question] }, engine: null, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} };
  const desk = new Desk(page as unknown as ConsolePage, wire);
  const root = document.body.appendChild(document.createElement("div"));
  const opened = (dialog: JSX.Element): HTMLTextAreaElement => {
    render(null, root);
    render(dialog, root);
    return root.querySelector("textarea")!;
  };
  const answer = (): HTMLTextAreaElement => opened(h(AnswerDialog, { desk, open: { name: "answer", id: 4 } }));
  for (const [field, words] of [[opened(h(NoteDialog, { desk })), "Cllr Ash"], [answer(), "Because"]] as const) {
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  expect(opened(h(NoteDialog, { desk })).value).toBe("Cllr Ash");
  expect(answer().value).toBe("Because");
  const send = [...root.querySelectorAll("button")].find((one) => one.textContent === "Send it to who asked, alone")!;
  await vi.waitFor(() => expect(send.disabled).toBe(false));
  send.click();
  await vi.waitFor(() => expect(desk.draft("answer:4").value).toBe(""));
  expect(wire.sent[0]).toMatchObject({ event: "question.answer", payload: { question_id: 4, text: "Because" } });
  expect(answer().value).toBe("");
  render(null, root);
  root.remove();
});
