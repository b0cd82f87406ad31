import { h, render } from "preact";
import { beforeEach, describe, expect, it } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { askNext, RaisedHands } from "../src/console/raised";
import { PublicFeed } from "../src/public/feed";
import { Hand } from "../src/public/hand";
import { ServerClock } from "../src/shared/clock";
import { meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => document.body.replaceChildren());

function place(): { root: HTMLElement; wire: FakeWire; went: string[] } {
  const wire = new FakeWire();
  const first = { ...meeting, kind: "webinar" as const };
  const feed = new PublicFeed({ socket: "/", state: "/", device: "device-1", first, clock: new ServerClock(), wire });
  const root = document.body.appendChild(document.createElement("div"));
  const went: string[] = [];
  new Hand(root, { feed, url: "/hands", speak: "/speak", first: null, go: (address) => went.push(address) });
  return { root, wire, went };
}

function submit(root: HTMLElement, field: string, value: string): void {
  const input = root.querySelector<HTMLInputElement>(field);
  if (!input) throw new Error(field);
  if (input.type === "radio") input.checked = true;
  else input.value = value;
  root.querySelector("form")?.requestSubmit();
}

describe("a raised hand on the page", () => {
  it("goes up, is asked, and leads to the personal link once they agree", async () => {
    const { root, wire, went } = place();
    wire.server = (event) => (event === "hand.raise" ? { ok: true, hand_id: 4 } : { ok: true, registration_id: 9, token: "secret" });
    submit(root, "[name=name]", " Ida Poe ");
    await settled();
    expect(root.textContent).toContain("Your hand is up.");
    wire.receive("hand", { id: 4, name: "Ida Poe", state: "asked", token: null });
    await settled();
    expect(root.querySelector("[role=alert]")?.textContent).toContain("You are asked to come on air.");
    root.querySelector("form")?.requestSubmit();
    await settled();
    expect(wire.sent.map(({ event }) => event)).toEqual(["hand.raise"]);
    submit(root, "[value=sound_only]", "");
    await settled();
    expect(wire.sent.map(({ event, payload }) => [event, payload["name"] ?? payload["consent"]])).toEqual([
      ["hand.raise", "Ida Poe"], ["hand.accept", "sound_only"],
    ]);
    expect(went).toEqual(["/speak/secret"]);
    expect(root.querySelector("a")?.getAttribute("href")).toBe("/speak/secret");
  });

  it("comes down, and says what is wrong", async () => {
    const { root, wire } = place();
    wire.receive("hand", { id: 4, name: "Ida", state: "raised", token: null });
    await settled();
    root.querySelector("button")?.click();
    await settled();
    expect(wire.sent.map(({ event, payload }) => [event, payload["hand_id"]])).toEqual([["hand.lower", 4]]);
    wire.server = () => ({ ok: false, error: { code: "invalid", message: "Enter your name." } });
    submit(root, "[name=name]", "");
    await settled();
    expect(root.querySelector("#hand-error")?.textContent).toBe("Enter your name.");
    wire.receive("hand", { id: 5, name: "Ida", state: "dismissed", token: null });
    await settled();
    expect(root.textContent).toContain("There was no time for your hand.");
  });
});

describe("raised hands in the console", () => {
  it("are rows, and the key asks who waits longest and was not asked", async () => {
    const wire = new FakeWire();
    const raised = [
      { id: 1, name: "Ada", state: "asked" as const, raised_ms: 0 }, { id: 2, name: "Ben", state: "raised" as const, raised_ms: 0 },
    ];
    const data = { ref: "m", strings: {}, socket: "/", snapshot: { ...staff, raised }, engine: null, me: { id: 1, name: "Ann", role: "clerk" }, urls: {} };
    const desk = new Desk(data as unknown as ConsolePage, wire);
    const root = document.body.appendChild(document.createElement("div"));
    render(h(RaisedHands, { desk }), root);
    expect([...root.querySelectorAll("li strong")].map((one) => one.textContent)).toEqual(["Ada", "Ben"]);
    expect(root.querySelectorAll("button")).toHaveLength(3);
    askNext(desk);
    await settled();
    expect(wire.sent.map(({ event, payload }) => [event, payload["hand_id"]])).toEqual([["hand.ask", 2]]);
  });
});
