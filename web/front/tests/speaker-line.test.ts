import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { mountSpeakerLine } from "../src/public/speaker-line";
import { ServerClock } from "../src/shared/clock";
import type { PublicSnapshot } from "../src/shared/wire";
import { meeting } from "./canned";

const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

describe("the line under the picture", () => {
  it("says what the meeting is at, as a link into the agenda, and who waits", async () => {
    const root = document.createElement("div");
    const state = signal<PublicSnapshot>({ ...meeting, now_item_id: null, speakers_waiting: 0, on_air: [], speaker: null, chamber: "" });
    mountSpeakerLine(root, state, new ServerClock());
    expect(root.hidden).toBe(true);
    const item = meeting.agenda[0];
    if (!item) throw new Error("no item");
    state.value = { ...state.value, now_item_id: item.id, speakers_waiting: 2 };
    await settled();
    expect(root.hidden).toBe(false);
    expect(root.querySelector("a")?.getAttribute("href")).toBe(`#item-${item.id}`);
    expect(root.textContent).toBe(`Now${item.number} ${item.title}2 people wait to speak.`);
    state.value = { ...state.value, chamber: "Cllr Jane Doe, Chair", now_item_id: null };
    await settled();
    expect(root.textContent).toBe("In the chamber Cllr Jane Doe, Chair2 people wait to speak.");
  });
});
