import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Desk, keyOf, type ConsolePage } from "../src/console/desk";
import { addresses } from "../src/console/feeds";
import { shortcuts } from "../src/console/keyboard";
import type { EngineSnapshot } from "../src/shared/wire";
import { engine, meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

describe("the desk", () => {
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: staff, engine: engine("open"), me: { id: 1, name: "Sam", role: "clerk" },
    urls: { whep: "", hls: "", picture: "", meeting: "", display: "", chair: "", whip: "http://h/whip/m/chamber", captions: "", rtmp: "rtmp://h/live", srt: "srt://h:9000", register: "" },
  };

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("sends one command for one button, however often it is pressed", async () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    const first = desk.run("item.next", { expected_version: 3 });
    expect(desk.isFlying("item.next")).toBe(true);
    expect(await desk.run("item.next", { expected_version: 3 })).toBeNull();
    expect((await first)?.ok).toBe(true);
    expect(desk.isFlying("item.next")).toBe(false);
    expect(wire.sent).toHaveLength(1);
  });

  it("lays out and shows names by the keys 0 to 7 and C", () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    const keys = shortcuts(desk);
    keys["0"]?.();
    keys["6"]?.();
    keys["c"]?.();
    expect(wire.sent.map(({ event, payload }) => [event, payload])).toEqual([
      ["layout.set", expect.objectContaining({ layout: null, transition: "dissolve" })],
      ["layout.set", expect.objectContaining({ layout: "grid", transition: "dissolve" })],
      ["captions.show", expect.objectContaining({ visible: true })],
    ]);
  });

  it("says that somebody else was quicker, until a dialog is opened, which has nothing to do with it", async () => {
    const wire = new FakeWire();
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "Item 6 is current already." } });
    const desk = new Desk(page, wire);
    expect(await desk.run("item.next", { expected_version: 3 })).toBeNull();
    expect(desk.trouble.value).toContain("Item 6 is current already.");
    desk.dialog.value = { name: "adjourn" };
    expect(desk.trouble.value).toBeNull();
  });

  it("keeps saying what went wrong when an earlier press is answered after it, until the next press", async () => {
    const wire = new FakeWire();
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ ok: true })));
    const desk = new Desk(page, wire);
    wire.server = () => undefined;
    const slow = desk.run("item.next", { expected_version: 3 });
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "The agenda has moved." } });
    await desk.run("item.undo", { expected_version: 3 });
    await vi.advanceTimersByTimeAsync(3000);
    expect((await slow)?.ok).toBe(true);
    expect(desk.trouble.value).toContain("The agenda has moved.");
    wire.server = () => ({ ok: true });
    await desk.run("item.next", { expected_version: 4 });
    expect(desk.trouble.value).toBeNull();
  });

  it("cuts by plain HTTP under the same name when the socket is silent", async () => {
    const wire = new FakeWire();
    wire.server = () => undefined;
    const calls: { url: string; body: Record<string, unknown> }[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      calls.push({ url, body: JSON.parse(String(init.body)) as Record<string, unknown> });
      return new Response(JSON.stringify({ ok: true }));
    });
    const desk = new Desk(page, wire);
    const cut = desk.cut();
    await vi.advanceTimersByTimeAsync(3000);
    await cut;
    expect(calls[0]?.url).toBe("/api/v1/meetings/m/commands/gate.cut");
    expect(calls[0]?.body["client_id"]).toBe(wire.sent[0]?.payload["client_id"]);
    expect(desk.trouble.value).toBeNull();
  });

  it("takes snapshots by their version", () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    wire.receive("state", { ...staff, public: { ...meeting, version: 9, title: "New" } });
    wire.receive("state", { ...staff, public: { ...meeting, version: 8, title: "Old" } });
    expect(desk.meeting.value.title).toBe("New");
    const heard: EngineSnapshot = { ...engine("private"), viewers: 12 };
    wire.receive("engine", heard);
    expect(desk.engine.value?.viewers).toBe(12);
  });

  it("knows buttons by command and row", () => {
    expect(keyOf("speaker.call", { registration_id: 4 })).toBe("speaker.call:4");
    expect(keyOf("gate.cut", {})).toBe("gate.cut");
  });

  it("writes the key into the addresses that need it, once", () => {
    const [chamber] = addresses({ page }, { chamber: "KEY" });
    expect(chamber?.fields.map((field) => field.value)).toEqual(["http://h/whip/m/chamber", "KEY", "rtmp://h/live/KEY", "srt://h:9000?streamid=KEY"]);
  });

  it("tells a captioner where to send lines, once, where there are captions", () => {
    const urls = { ...page.urls, captions: "http://h/captions/m" };
    const [chamber, sign] = addresses({ page: { ...page, urls } }, { chamber: "KEY", sign: "OTHER" });
    expect(chamber?.fields.at(-1)).toMatchObject({ value: "http://h/captions/m", secret: false });
    expect(sign?.fields.map((field) => field.value)).not.toContain("http://h/captions/m");
  });
});
