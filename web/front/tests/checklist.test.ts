import { h, render } from "preact";
import { describe, expect, it } from "vitest";
import { Checklist, missing } from "../src/console/checklist";
import { Desk, type ConsolePage } from "../src/console/desk";
import type { CheckView } from "../src/shared/wire";
import { engine, meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

describe("the checklist", () => {
  const page: ConsolePage = {
    strings: {}, socket: "/socket.io/", ref: "m", snapshot: { ...staff, public: { ...meeting, state: "pre_show" } }, engine: engine("waiting"),
    me: { id: 1, name: "Sam", role: "clerk" }, urls: {} as ConsolePage["urls"],
  };
  const lines: CheckView[] = [
    { about: "feed", check: "missing", sentence: "No feed." }, { about: "sound", check: "look", sentence: "Too loud." },
    { about: "chair", check: "fine", sentence: "The chair is here." }, { about: "clerk", check: "missing", sentence: "No clerk." },
  ];
  const show = (desk: Desk): HTMLElement => {
    const root = document.createElement("div");
    render(h(Checklist, { desk }), root);
    return root;
  };

  it("says each line with how it stands, and has the button that mends it", () => {
    const wire = new FakeWire();
    const desk = new Desk(page, wire);
    expect(show(desk).textContent).toBe("");
    wire.receive("checklist", { lines });
    const root = show(desk);
    expect([...root.querySelectorAll("li > strong")].map((word) => word.textContent)).toEqual(["Missing", "Look", "Fine", "Missing"]);
    const press = (about: string): void => root.querySelector<HTMLButtonElement>(`[data-about=${about}] button`)?.click();
    press("chair");
    press("clerk");
    expect(wire.sent.map(({ event, payload }) => [event, payload["office"], payload["present"]])).toEqual([
      ["attendance.mark", "chair", false], ["attendance.mark", "clerk", true],
    ]);
    press("feed");
    expect(desk.dialog.value?.name).toBe("feeds");
    expect(root.querySelector("[data-about=sound] button")).toBeNull();
  });

  it("counts what is missing, and nothing that only wants a look", () => {
    expect(missing(lines).map((line) => line.about)).toEqual(["feed", "clerk"]);
  });
});
