import { computed, signal } from "@preact/signals";
import { h, render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { offerWithdrawal, useFocusCarriedOn } from "../src/speaker/app";
import { Consent, DeviceCheck } from "../src/speaker/check";
import { explain } from "../src/speaker/devices";
import { browserName, titleFor, type Room } from "../src/speaker/room";
import { loudness } from "../src/speaker/sound";
import { Watching, placeWords } from "../src/speaker/waiting";
import type { SpeakerSnapshot } from "../src/shared/wire";
import { item } from "./canned";

const snapshot: SpeakerSnapshot = {
  version: 1, server_ms: 0, registration_id: 2, name: "Tom", state: "checked_in", meeting_ref: "m", meeting_title: "Planning",
  meeting_state: "live", starts_ms: 0, item: item(6), now_item: item(5), position: 1, seconds: 180, timer: null, device_is_current: true,
};

describe("the waiting room", () => {
  it("says the place, what is now, and what is one's own", () => {
    expect(placeWords(snapshot).join(" ")).toBe("You are number 1. Item 5 is now. You speak on item 6.");
    expect(placeWords({ ...snapshot, now_item: item(6) }).join(" ")).toBe("You are number 1. Item 6 is now. That is your item.");
    const elsewhere = { ...item(6), state: "put_off" as const, put_off_to: "2026-12-03" };
    expect(placeWords({ ...snapshot, item: elsewhere, position: null })).toEqual([
      "You wanted to speak on item 6.", "Deferred to the meeting of Thursday 3 December 2026.", "You are not called at this meeting.",
    ]);
    expect(placeWords({ ...snapshot, now_item: null, position: null })[0]).toBe("The meeting has not reached its first item.");
  });

  it("calls by the title of the page", () => {
    expect(titleFor("called", "Planning")).toBe("● You are next – Planning");
  });
});

describe("the steps before the meeting", () => {
  const consented = signal(false);
  const state = signal({ ...snapshot, state: "confirmed", item: null as SpeakerSnapshot["item"] });
  const room = {
    snapshot: state, consented, part: "presenter", busy: signal(false), failure: signal(""), replaced: signal(false), testing: signal(false),
    connection: { refused: signal(null), connected: signal(true) }, begun: signal(true),
    devices: { ready: signal(false), asking: signal(false), trouble: signal(null), needs: "picture_and_sound" },
  } as unknown as Room;

  it("want consent, say so where the focus goes, and go on at the next heading", async () => {
    // Other tests have the same document, and may have left the focus somewhere.
    document.body.replaceChildren();
    const page = document.body.appendChild(document.createElement("div"));
    const steps = (): JSX.Element => {
      useFocusCarriedOn(String(consented.value));
      return h("div", { class: "mh-speaker" }, consented.value ? h(DeviceCheck, { room }) : h(Consent, { room }));
    };
    await act(() => render(h(steps, {}), page));
    expect(document.activeElement, "the page that opens leaves the focus alone").toBe(document.body);
    expect(page.textContent).not.toContain("Speak about this item.");
    const go = (): HTMLButtonElement => [...page.querySelectorAll("button")].find((one) => one.textContent === "Continue")!;
    go().focus();
    await act(() => go().click());
    const box = page.querySelector<HTMLInputElement>("#consent")!;
    expect(document.activeElement).toBe(box);
    expect([box.getAttribute("aria-invalid"), page.querySelector("[role=alert]")?.id]).toEqual(["true", box.getAttribute("aria-describedby")]);
    await act(() => box.click());
    go().focus();
    await act(() => go().click());
    expect(document.activeElement?.textContent).toBe("Check your camera and microphone");
    render(null, page);
    page.remove();
  });
});

describe("giving up one's place", () => {
  it("is offered while there is one, and not on air", () => {
    document.body.innerHTML = "<div data-withdraw></div>";
    const offered = (state: SpeakerSnapshot["state"]) => (offerWithdrawal(state), !document.querySelector<HTMLElement>("[data-withdraw]")?.hidden);
    expect((["confirmed", "called", "on_air", "called", "done", "withdrawn"] as const).map(offered)).toEqual([true, true, false, true, false, false]);
    document.body.replaceChildren();
  });
});

describe("the picture of the meeting", () => {
  const hearing = signal(false);
  const wantsPicture = signal(true);
  const room = {
    snapshot: signal({ ...snapshot, state: "called" }), programme: { stream: signal(null) }, returned: signal(null),
    privatePicture: signal(null), hears: computed(() => hearing.value), wantsPicture,
  } as unknown as Room;

  it("may be left out by whoever hears the return, and had back", async () => {
    const page = document.createElement("div");
    await act(() => render(h(Watching, { room, small: false }), page));
    const button = (): HTMLButtonElement | null => page.querySelector("button");
    expect(button()).toBeNull();
    await act(() => { hearing.value = true; });
    expect(button()?.textContent).toBe("Do without the picture");
    await act(() => button()?.click());
    expect(wantsPicture.value).toBe(false);
    expect(page.textContent).toContain("Its picture is off");
    await act(() => { hearing.value = false; });
    expect(page.textContent).toContain("appears here");
    await act(() => { hearing.value = true; });
    await act(() => button()?.click());
    expect(wantsPicture.value).toBe(true);
  });
});

describe("what goes wrong with a device", () => {
  const named = (name: string): Error => Object.assign(new Error(), { name });

  it("is said in words with what to do, for every error a browser has", () => {
    for (const name of ["NotAllowedError", "NotFoundError", "NotReadableError", "OverconstrainedError", "AbortError", "SecurityError", "TypeError"]) {
      const { what, todo } = explain(named(name), "microphone");
      expect(what).not.toMatch(/Error|\{/);
      expect(todo.length).toBeGreaterThan(20);
    }
    expect(explain(named("NotFoundError"), "camera").what).toBe("The camera was not found.");
  });
});

describe("small things", () => {
  it("measures loudness from silence to full", () => {
    expect(loudness(new Float32Array(64))).toBe(0);
    expect(loudness(new Float32Array(64).fill(1))).toBe(1);
    expect(loudness(new Float32Array(64).fill(0.1))).toBeCloseTo(40 / 54, 2);
  });

  it("tells staff the browser's family and no more", () => {
    expect(browserName("Mozilla/5.0 (iPhone) AppleWebKit Version/18 Mobile Safari/604.1")).toBe("Safari (phone or tablet)");
    expect(browserName("Mozilla/5.0 (X11) Chrome/140 Safari/537.36 Edg/140")).toBe("Edge");
  });
});
