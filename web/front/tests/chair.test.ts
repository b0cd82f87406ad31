import { h, render } from "preact";
import { describe, expect, it } from "vitest";
import { Chair, notHere } from "../src/chair/app";
import { Desk, type ConsolePage } from "../src/console/desk";
import type { EngineSnapshot, SpeakerRow, StaffSnapshot } from "../src/shared/wire";
import { engine, meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const row = (id: number, state: SpeakerRow["state"], more: Partial<SpeakerRow> = {}): SpeakerRow => ({
  part: "speaker", id, name: `Speaker ${id}`, state, item_id: 1, place: id, summary: "", email: "", phone: "", seconds: 180, timer: null,
  device_check: {}, ...more,
});

function show(snapshot: StaffSnapshot, heard: EngineSnapshot): HTMLElement {
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot, engine: heard, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  const root = document.createElement("div");
  render(h(Chair, { desk: new Desk(page, new FakeWire()) }), root);
  return root;
}

describe("the chair's view", () => {
  it("names the next three with item, time and side, and counts who is not here", () => {
    const speakers = [row(1, "checked_in", { side: "against", seconds: 300 }), row(2, "confirmed"), row(3, "confirmed", { written: true }), row(4, "confirmed", { part: "signer" })];
    const root = show({ ...staff, speakers }, engine("open"));
    expect(root.querySelector(".md-next li")?.textContent).toBe("Speaker 1 Item 1 · 5:00 · against · Ready");
    expect(notHere({ ...staff, speakers })).toBe(1);
    expect(root.querySelector(".md-then")?.textContent).toBe("Then item 2 Item 2");
  });

  it("shows the question that is being answered and no other", () => {
    const asked = { author: "Kim", item_id: null, votes: 0, answered_seconds: null };
    const questions = [{ ...asked, id: 1, text: "Why?", state: "approved" as const }, { ...asked, id: 2, text: "When?", state: "answering" as const }];
    expect(show({ ...staff, public: { ...meeting, questions } }, engine("open")).querySelector(".md-aloud")?.textContent).toBe("Question of KimWhen?");
    expect(show(staff, engine("open")).querySelector(".md-aloud")).toBeNull();
  });

  it("warns in a private session, by the gate's own word", () => {
    expect(show(staff, engine("private")).querySelector(".md-private")?.textContent).toContain("Private session.");
    expect(show(staff, engine("open")).querySelector(".md-private")).toBeNull();
  });

  it("has nothing to press", () => {
    expect(show({ ...staff, speakers: [row(1, "on_air")] }, engine("open")).querySelectorAll("a, button, input, select, textarea")).toHaveLength(0);
  });
});
