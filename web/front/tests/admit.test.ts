import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { COUNTDOWN_SECONDS, bringOnAir } from "../src/console/admit";
import { Desk, type ConsolePage } from "../src/console/desk";
import type { SpeakerRow } from "../src/shared/wire";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const sam: SpeakerRow = {
  id: 7, name: "Sam Lee", state: "called", item_id: null, summary: "", email: "", phone: "", place: 1, seconds: 180, timer: null, device_check: {},
};

function console_(row: SpeakerRow): { desk: Desk; wire: FakeWire; tell: (row: SpeakerRow) => void; sent: () => unknown[] } {
  const wire = new FakeWire();
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, public: { ...meeting, server_ms: Date.now() }, speakers: [row] }, engine: null,
    me: { id: 1, name: "Ann", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  const desk = new Desk(page, wire);
  wire.connect();
  let version = meeting.version;
  return {
    desk, wire,
    tell: (next) => wire.receive("state", { ...staff, public: { ...meeting, version: ++version, server_ms: Date.now() }, speakers: [next] }),
    sent: () => wire.sent.map(({ event, payload }) => [event, payload["seconds"]]),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("bringing somebody on air", () => {
  it("counts down for them, and then lets them in", async () => {
    const { desk, tell, sent } = console_(sam);
    await bringOnAir(desk, sam);
    tell({ ...sam, on_air_ms: Date.now() + 5000 });
    await vi.advanceTimersByTimeAsync(COUNTDOWN_SECONDS * 1000 - 1);
    expect(sent()).toEqual([["speaker.cue", 5]]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent()).toEqual([["speaker.cue", 5], ["speaker.admit", undefined]]);
  });

  it("lets nobody in whose countdown was called off, or who is not called any more", async () => {
    for (const later of [{ ...sam, on_air_ms: null }, { ...sam, state: "checked_in" as const }]) {
      const { desk, tell, sent } = console_(sam);
      await bringOnAir(desk, sam);
      tell({ ...sam, on_air_ms: Date.now() + 5000 });
      tell(later);
      await vi.advanceTimersByTimeAsync(20_000);
      expect(sent()).toEqual([["speaker.cue", 5]]);
    }
  });

  it("does it at once by a second press, and for who is on the telephone", async () => {
    for (const row of [{ ...sam, on_air_ms: Date.now() + 3000 }, { ...sam, by_phone: true }]) {
      const { desk, sent } = console_(row);
      await bringOnAir(desk, row);
      expect(sent()).toEqual([["speaker.admit", undefined]]);
    }
  });
});
