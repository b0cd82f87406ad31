import { signal } from "@preact/signals";
import { h, render } from "preact";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { PublicFeed } from "../src/public/feed";
import { OwnList } from "../src/public/own";
import { ServerClock } from "../src/shared/clock";
import type { OwnQuestion } from "../src/shared/wire";
import { meeting } from "./canned";
import { FakeWire } from "./fakes";

const MINE: OwnQuestion = { id: 4, text: "Why so dear?", author: "Kim Roe", state: "pending", may_withdraw: true, may_edit: true };

beforeEach(() => document.body.replaceChildren());

interface Place {
  wire: FakeWire;
  editing: { value: number | null };
  button: (name: string) => HTMLButtonElement | undefined;
  field: () => HTMLTextAreaElement | null;
  write: (text: string) => void;
  edits: () => Record<string, unknown>[];
}

async function place(...mine: OwnQuestion[]): Promise<Place> {
  const wire = new FakeWire();
  const feed = new PublicFeed({ socket: "/", state: "/", device: "device-1", first: meeting, clock: new ServerClock(), wire });
  const root = document.body.appendChild(document.createElement("div"));
  const editing = signal<number | null>(null);
  render(h(OwnList, { feed, editing }), root);
  wire.receive("mine", mine);
  await vi.waitFor(() => expect(root.querySelectorAll(".mh-own")).toHaveLength(mine.length));
  const field = (): HTMLTextAreaElement | null => root.querySelector("textarea");
  return {
    wire, editing, field,
    button: (name) => [...root.querySelectorAll("button")].find((one) => one.textContent?.startsWith(name)),
    write: (text) => {
      field()!.value = text;
      field()!.dispatchEvent(new Event("input", { bubbles: true }));
    },
    edits: () => wire.sent.filter(({ event }) => event === "question.edit").map(({ payload }) => payload),
  };
}

describe("one's own question", () => {
  it("is changed where it stands, with the focus on its words and afterwards on the button", async () => {
    const { wire, button, field, write, edits } = await place(MINE);
    button("Change it")!.click();
    await vi.waitFor(() => expect(document.activeElement).toBe(field()));
    expect(field()!.value).toBe("Why so dear?");
    write(" Why so late? ");
    wire.server = () => ({ ok: true, question: { ...MINE, text: "Why so late?" } });
    button("Save the change")!.click();
    await vi.waitFor(() => expect(document.activeElement).toBe(button("Change it")));
    expect(edits()).toMatchObject([{ question_id: 4, text: "Why so late?", author: "Kim Roe" }]);
    expect(document.querySelector(".mh-own__text")?.textContent).toBe("Why so late?");
    expect(document.querySelector("[aria-live]")?.textContent).toContain("Your question was changed.");
  });

  it("keeps what is typed when it is refused, and when it is published meanwhile", async () => {
    const { wire, button, field, write, edits } = await place(MINE);
    button("Change it")!.click();
    await vi.waitFor(() => expect(field()).not.toBeNull());
    write("My new words");
    wire.receive("mine", [{ ...MINE, state: "approved", may_edit: false }]);
    wire.server = () => ({ ok: false, error: { code: "illegal_transition", message: "It has been published, so it can no longer be changed." } });
    button("Save the change")!.click();
    await vi.waitFor(() => expect(document.querySelector("#own-edit-error")?.textContent).toContain("It has been published"));
    expect(field()!.value).toBe("My new words");
    expect(document.activeElement).toBe(field());
    await vi.waitFor(() => expect(button("Save the change")!.disabled).toBe(false));
    button("Save the change")!.click();
    await vi.waitFor(() => expect(edits()).toHaveLength(2));
    expect(edits()[0]!["client_id"]).toBe(edits()[1]!["client_id"]);
    await vi.waitFor(() => expect(button("Leave it as it was")).toBeDefined());
    button("Leave it as it was")!.click();
    await vi.waitFor(() => expect(document.activeElement).toBe(document.querySelector(".mh-own")));
    expect(button("Change it")).toBeUndefined();
  });

  it("is changed one at a time, and not when others have had to do with it", async () => {
    const { button, editing } = await place(MINE, { ...MINE, id: 5 }, { ...MINE, id: 6, may_edit: false });
    expect(document.querySelectorAll(".mh-own__change")).toHaveLength(2);
    button("Change it")!.click();
    await vi.waitFor(() => expect(editing.value).toBe(4));
    await vi.waitFor(() => expect(document.querySelectorAll(".mh-own__change")).toHaveLength(0));
  });
});
