import { h, render } from "preact";
import { afterEach, describe, expect, it } from "vitest";
import { Desk, type ConsolePage } from "../src/console/desk";
import { shortcuts } from "../src/console/keyboard";
import { KEYS, keyFor, LAYOUT_KEYS, letter, remap, resetKeys } from "../src/console/keys";
import { KeysDialog } from "../src/console/keys-dialog";
import { DoublePress, listenForShortcuts, pressKey } from "../src/console/shortcuts";
import type { MeetingState } from "../src/shared/wire";
import { engine, meeting, staff } from "./canned";
import { FakeWire } from "./fakes";

function deskIn(state: MeetingState): Desk {
  const snapshot = { ...staff, public: { ...meeting, state } };
  const page = { ref: "m", strings: {}, socket: "/", snapshot, engine: engine("open"), me: { id: 1, name: "Ann", role: "clerk" }, urls: {} };
  return new Desk(page as unknown as ConsolePage, new FakeWire());
}

describe("the table of keys", () => {
  it("has no key twice, those of the layouts among them", () => {
    const all = [...KEYS.map((row) => row.key as string), ...LAYOUT_KEYS];
    expect(all.filter((key, at) => all.indexOf(key) !== at)).toEqual([]);
    expect(all.filter((key) => key !== key.toLowerCase())).toEqual([]);
  });

  it("says where a key does something", () => {
    const keysIn = (state: MeetingState): string[] => Object.keys(shortcuts(deskIn(state)));
    const gate = (state: MeetingState): string => keysIn(state).filter((key) => "olpre".includes(key)).join("");
    expect([gate("scheduled"), gate("pre_show"), gate("live"), gate("adjourned"), gate("private"), gate("published")]).toEqual(["o", "l", "pe", "pre", "re", ""]);
    expect(keysIn("live")).not.toContain("a");
    expect(keysIn("live")).toContain("n");
  });
});

describe("a key of one's own", () => {
  afterEach(() => resetKeys());

  it("does what the old one did, and stands on the button", () => {
    expect(remap("note", ";")).toBe(true);
    expect([keyFor("note"), letter("note")]).toEqual([";", ";"]);
    const desk = deskIn("live");
    expect(shortcuts(desk)["d"]).toBeUndefined();
    shortcuts(desk)[";"]?.();
    expect(desk.dialog.value?.name).toBe("note");
    expect(JSON.parse(localStorage.getItem("moothall-console-keys") ?? "")).toEqual({ note: ";" });
    resetKeys();
    expect(keyFor("note")).toBe("d");
    expect(localStorage.getItem("moothall-console-keys")).toBeNull();
  });

  it("is none that another has, none of the layouts, and nothing that presses by itself", () => {
    for (const key of ["n", "N", "3", " ", "Enter", "Escape", ""]) expect(remap("note", key)).toBe(false);
    expect(keyFor("note")).toBe("d");
    expect(remap("note", ";")).toBe(true);
    expect(remap("undo", "d")).toBe(true);
    expect(remap("note", "d")).toBe(false);
  });

  it("is pressed in the list, which says what came of it", async () => {
    const root = document.body.appendChild(document.createElement("div"));
    HTMLDialogElement.prototype.showModal = () => undefined;
    const show = (): void => render(h(KeysDialog, { desk: deskIn("live") }), root);
    const key = (): HTMLButtonElement => root.querySelectorAll<HTMLButtonElement>(".mc-key--own")[KEYS.findIndex((row) => row.action === "note")]!;
    const said = (): string => root.querySelector("[role=status]")?.textContent ?? "";
    const press = async (name: string): Promise<boolean> => {
      const handled = !key().dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
      await Promise.resolve();
      show();
      return handled;
    };
    show();
    expect(root.querySelectorAll("dt").length).toBe(KEYS.length + 2);
    expect(await press(";")).toBe(false);
    for (const [name, answer] of [["n", "N is the key for “Next item” already."], ["4", "4 cannot be the key for this."], ["Escape", ""], [";", "; is the key for “Write a note for the minutes” now."]] as const) {
      key().click();
      show();
      expect(said()).toContain("Press the new key");
      expect(await press(name)).toBe(true);
      expect(said()).toBe(answer);
    }
    expect(key().textContent).toBe(";");
    render(null, root);
  });
});

describe("keys of a dialog", () => {
  it("work on its buttons and boxes, and not in its fields", () => {
    const done: string[] = [];
    const root = document.body.appendChild(document.createElement("div"));
    root.innerHTML = '<button></button><input type="checkbox"><input type="radio"><input type="text"><select></select>';
    root.addEventListener("keydown", (event) => void pressKey(event, { y: () => done.push((event.target as Element).outerHTML) }));
    for (const element of root.children) element.dispatchEvent(new KeyboardEvent("keydown", { key: "Y", bubbles: true }));
    root.children[0]?.dispatchEvent(new KeyboardEvent("keydown", { key: "y", ctrlKey: true, bubbles: true }));
    expect(done).toEqual(["<button></button>", '<input type="checkbox">', '<input type="radio">']);
  });
});

describe("cutting by Escape Escape", () => {
  it("needs both within the time", () => {
    const press = new DoublePress(800);
    expect(press.press(0)).toBe(false);
    expect(press.press(700)).toBe(true);
    expect(press.press(900)).toBe(false);
    expect(press.press(2000)).toBe(false);
  });

  it("works in a text field and in a dialog, where letters do nothing", () => {
    let dialog = false;
    const done: string[] = [];
    listenForShortcuts({
      shortcuts: () => ({ n: () => done.push("n") }),
      dialogOpen: () => dialog,
      onFirstEscape: () => undefined,
      onCut: () => done.push("cut"),
    });
    const press = (key: string, target: EventTarget = document.body): boolean =>
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const field = document.body.appendChild(document.createElement("input"));
    press("n");
    press("n", field);
    press("Escape", field);
    press("Escape", field);
    expect(done).toEqual(["n", "cut"]);
    dialog = true;
    press("n");
    press("Escape");
    expect(done).toEqual(["n", "cut"]);
    press("n");
    press("Escape");
    expect(done, "with another key between them they are no pair").toEqual(["n", "cut"]);
    press("Escape");
    expect(done).toEqual(["n", "cut", "cut"]);
  });
});
