/** Rows that keep still under the mouse and the focus, and keys that do not act on whom nobody has seen. */

import { render, type JSX } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Aim, inHeldOrder, useSteady } from "../src/console/steady";

interface Person {
  id: number;
  state: string;
}

const root = document.createElement("div");
const people = (...ids: number[]): Person[] => ids.map((id) => ({ id, state: "ready" }));

function List({ rows }: { rows: Person[] }): JSX.Element {
  const steady = useSteady(rows);
  return (
    <div>
      <ul {...steady.list}>
        {steady.rows.map(({ id, state }) => <li key={id} data-row={id} tabIndex={-1}><button key={state} type="button">{`${state} ${id}`}</button></li>)}
      </ul>
      <p>{steady.fresh}</p>
      <button id="elsewhere" type="button">Elsewhere</button>
    </div>
  );
}

const show = (rows: Person[]): void => act(() => render(<List rows={rows} />, root)) as unknown as undefined;
const order = (): string[] => [...root.querySelectorAll<HTMLElement>("li")].map((row) => row.dataset["row"] ?? "");
const list = (): HTMLElement => root.querySelector("ul") as HTMLElement;
const button = (id: number): HTMLElement => root.querySelector(`[data-row="${id}"] button`) as HTMLElement;
const move = (type: string, pointerType = "mouse"): void => act(() => void list().dispatchEvent(Object.assign(new Event(type), { pointerType }))) as unknown as undefined;

// The document is every test's, and others leave things in it.
beforeEach(() => document.body.append(root));
afterEach(() => {
  render(null, root);
  root.remove();
});

describe("rows", () => {
  it("are in their own order while nobody is about to press one", () => {
    expect(inHeldOrder(people(2, 1), null)).toEqual({ rows: people(2, 1), fresh: 0 });
  });

  it("keep the order in which they were held, without those who left and with those who came at the end", () => {
    expect(inHeldOrder(people(4, 3, 2, 5), [1, 2, 3])).toEqual({ rows: people(2, 3, 4, 5), fresh: 2 });
  });

  it("keep still under the mouse, and fall into place when it leaves", () => {
    show(people(1, 2, 3));
    move("pointerenter");
    show(people(4, 3, 2, 1));
    expect(order()).toEqual(["1", "2", "3", "4"]);
    expect(root.querySelector("p")?.textContent).toBe("1");
    move("pointerleave");
    expect(order()).toEqual(["4", "3", "2", "1"]);
  });

  it("do not wait for a finger, which is nowhere before it presses", () => {
    show(people(1, 2));
    move("pointerenter", "touch");
    show(people(2, 1));
    expect(order()).toEqual(["2", "1"]);
  });

  it("keep still while the focus is among them, and keep the focus", () => {
    show(people(1, 2));
    act(() => button(2).focus());
    show(people(3, 2, 1));
    expect(order()).toEqual(["1", "2", "3"]);
    expect(document.activeElement).toBe(button(2));
    act(() => document.getElementById("elsewhere")?.focus());
    expect(order()).toEqual(["3", "2", "1"]);
  });

  it("leave the focus with the person whose button is gone, where another press does nothing", () => {
    show(people(1, 2));
    act(() => button(2).focus());
    show([{ id: 2, state: "called" }, { id: 1, state: "ready" }]);
    expect(order()).toEqual(["1", "2"]);
    expect(document.activeElement).toBe(root.querySelector('[data-row="2"]'));
  });

  it("let go when the focused row is gone for good", () => {
    show(people(1, 2, 3));
    act(() => button(2).focus());
    show(people(3, 1));
    show(people(3, 1));
    expect(order()).toEqual(["3", "1"]);
  });
});

describe("what a key acts on", () => {
  let now = 0;
  const aim = (...seen: (number | null)[]): Aim => {
    const made = new Aim(() => now);
    seen.forEach((id) => made.see(id));
    return made;
  };

  it("is obeyed when it was there to be seen, and when it is the first", () => {
    expect(aim(1).fires(1)).toBe(true);
  });

  it("is not when it became another a moment ago, and is when one had the time to look", () => {
    now = 10_000;
    const made = aim(1, 2);
    expect(made.fires(2)).toBe(false);
    now += 799;
    expect(made.fires(2)).toBe(false);
    now += 1;
    expect(made.fires(2)).toBe(true);
  });

  it("is when one's own press made it another, or one chose it", () => {
    const made = aim(1);
    expect(made.fires(1)).toBe(true);
    made.see(2);
    expect(made.fires(2)).toBe(true);
    made.see(3);
    made.see(5);
    made.choose(4);
    expect(made.fires(4)).toBe(true);
  });

  it("is when one's own press elsewhere made it another, but not for ever", () => {
    const made = aim(1);
    made.expect();
    now += 2999;
    made.see(2);
    expect(made.fires(2)).toBe(true);
    now += 5000;
    made.see(3);
    made.see(4);
    expect(made.fires(4)).toBe(false);
  });

  it("is not when it changed with the press, before the screen showed it", () => {
    expect(aim(1).fires(7)).toBe(false);
  });
});
