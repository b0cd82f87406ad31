import { h, render } from "preact";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Chair } from "../src/chair/app";
import { Desk, type ConsolePage } from "../src/console/desk";
import { shortcuts } from "../src/console/keyboard";
import { PointButton, PointDialog, PointHeard } from "../src/console/point-of-order";
import { Display } from "../src/display/app";
import type { StaffSnapshot } from "../src/shared/wire";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const DOE = { name: "Cllr Jane Doe", since_ms: 5000 };

beforeEach(() => document.body.replaceChildren());

function desk(snapshot: Partial<StaffSnapshot> = {}): { desk: Desk; wire: FakeWire } {
  const wire = new FakeWire();
  const page = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, ...snapshot }, engine: null,
    me: { id: 1, name: "Ann", role: "clerk" }, expected: ["Cllr Jane Doe", "Cllr Roe"], urls: {} as ConsolePage["urls"],
  };
  return { desk: new Desk(page, wire), wire };
}

function show(what: Parameters<typeof render>[0]): HTMLElement {
  const root = document.body.appendChild(document.createElement("div"));
  render(what, root);
  return root;
}

describe("a point of order", () => {
  it("is raised by a key and a name that is picked or typed, or by none", async () => {
    const { desk: at, wire } = desk();
    shortcuts(at)["!"]?.();
    expect(at.dialog.value).toEqual({ name: "point" });
    const root = show(h(PointDialog, { desk: at }));
    expect([...root.querySelectorAll("option")].map((one) => one.value)).toEqual(["Cllr Jane Doe", "Cllr Roe"]);
    root.querySelector("form")?.requestSubmit();
    await vi.waitFor(() => expect(at.dialog.value).toBeNull());
    const field = root.querySelector("input")!;
    field.value = " Cllr Roe ";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    root.querySelector("form")?.requestSubmit();
    await vi.waitFor(() => expect(wire.sent).toHaveLength(2));
    expect(wire.sent.map(({ event, payload }) => [event, payload["name"]])).toEqual([["point_of_order.raise", ""], ["point_of_order.raise", "Cllr Roe"]]);
  });

  it("stays open with its words when it is refused", async () => {
    const { desk: at, wire } = desk();
    at.dialog.value = { name: "point" };
    wire.server = () => ({ ok: false, error: { code: "conflict", message: "Another is being heard." } });
    const root = show(h(PointDialog, { desk: at }));
    root.querySelector("form")?.requestSubmit();
    await vi.waitFor(() => expect(root.querySelector("[role=alert]")?.textContent).toContain("Another is being heard."));
    expect(at.dialog.value).not.toBeNull();
  });

  it("is ended by the same key, and by the button: the one that is on the screen", async () => {
    const { desk: at, wire } = desk({ point_of_order: DOE });
    const root = show(h(PointHeard, { desk: at }));
    expect(root.textContent).toContain("Point of order: Cllr Jane Doe");
    expect(show(h(PointButton, { desk: at })).textContent).toBe("");
    shortcuts(at)["!"]?.();
    await vi.waitFor(() => expect(wire.sent).toHaveLength(1));
    expect(wire.sent[0]).toMatchObject({ event: "point_of_order.end", payload: { since: 5000 } });
  });

  it("is offered while the meeting is live, and at no other time", () => {
    for (const other of [{ ...meeting, state: "private" as const }, { ...meeting, kind: "webinar" as const }]) {
      const { desk: at } = desk({ public: other });
      expect(show(h(PointButton, { desk: at })).textContent).toBe("");
      expect(shortcuts(at)["!"]).toBeUndefined();
    }
    expect(show(h(PointButton, { desk: desk().desk })).textContent).toContain("Point of order");
  });

  it("stands above who speaks on the chair's view and on the wall, with no name where none was said", async () => {
    for (const page of [Chair, Display]) {
      const { desk: at, wire } = desk();
      const root = show(h(page, { desk: at }));
      expect(root.querySelector(".md-point")?.textContent).toBe("");
      wire.receive("state", { ...staff, public: { ...meeting, version: 9 }, point_of_order: { ...DOE, name: "" } });
      await vi.waitFor(() => expect(root.querySelector(".md-point")?.textContent).toBe("Point of order"));
      expect(root.querySelector(".md-point")?.getAttribute("role")).toBe("alert");
    }
  });
});
