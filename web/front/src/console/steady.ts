/** Rows keep still while somebody is about to press one of them, and keys do not act on whom nobody has seen yet. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

/** How long a key does nothing after what it acts on has become another by itself. */
const NEW_MS = 800;
/** How long after a press of one's own a change is taken for its outcome. */
const OUTCOME_MS = 3000;

export interface Steady<R> {
  rows: R[];
  /** How many came since, and stand at the end. */
  fresh: number;
}

/** Rows in the order in which they were held, what came since at the end; in their own order when none is held. */
export function inHeldOrder<R extends { id: number }>(rows: readonly R[], held: readonly number[] | null): Steady<R> {
  if (!held) return { rows: [...rows], fresh: 0 };
  const place = new Map(held.map((id, at) => [id, at]));
  const known = rows.filter((row) => place.has(row.id)).sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0));
  const fresh = rows.filter((row) => !place.has(row.id));
  return { rows: [...known, ...fresh], fresh: fresh.length };
}

interface Held<R> extends Steady<R> {
  list: {
    ref: { current: HTMLUListElement | null };
    onPointerEnter: (event: PointerEvent) => void;
    onPointerLeave: () => void;
    onFocusIn: (event: FocusEvent) => void;
    onFocusOut: (event: FocusEvent) => void;
  };
}

/** A list whose order is held while the mouse is over it or the focus inside. Its rows have their id as `data-row`. */
export function useSteady<R extends { id: number }>(rows: readonly R[]): Held<R> {
  const ref = useRef<HTMLUListElement>(null);
  const held = useSignal<number[] | null>(null);
  const pointed = useRef(false);
  const focused = useRef<string | null>(null);
  const hold = (): void => {
    held.value ??= rows.map((row) => row.id);
  };
  const release = (): void => {
    if (!pointed.current && focused.current === null) held.value = null;
  };
  useEffect(() => {
    const list = ref.current;
    if (focused.current === null || !list || list.contains(document.activeElement)) return;
    // The button that was pressed is gone: the focus stays with the row, where another press does nothing.
    const row = list.querySelector<HTMLElement>(`[data-row="${focused.current}"]`);
    if (row && document.activeElement === document.body) row.focus();
    else {
      focused.current = null;
      release();
    }
  });
  const list = {
    ref,
    onPointerEnter: (event: PointerEvent): void => {
      if (event.pointerType !== "mouse") return;
      pointed.current = true;
      hold();
    },
    onPointerLeave: (): void => {
      pointed.current = false;
      release();
    },
    onFocusIn: (event: FocusEvent): void => {
      focused.current = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset["row"] ?? null;
      if (focused.current !== null) hold();
    },
    onFocusOut: (event: FocusEvent): void => {
      // A dialog that opens takes the focus and gives it back; a button that vanishes has no heir.
      if (!event.relatedTarget || ref.current?.contains(event.relatedTarget as Node)) return;
      focused.current = null;
      release();
    },
  };
  return { ...inHeldOrder(rows, held.value), list };
}

/** What can have been read so far: what it was until it has been something else for a moment. */
export function useSettled<V>(value: V): V {
  const settled = useSignal(value);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = value), NEW_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled.value;
}

/** What the screen shows of it: another value is another thing to the eye. */
type AimedAt = number | string;

/** What a key acts on. It does nothing for a moment after that has become another by somebody else's doing. */
export class Aim {
  private at: AimedAt | null = null;
  private since = -Infinity;
  private own: AimedAt | null = null;
  private expected = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Call it with every change of what the screen shows. */
  see(id: AimedAt | null): void {
    if (id === this.at) return;
    const mine = !this.at || this.at === this.own || this.now() - this.expected < OUTCOME_MS;
    this.since = mine ? -Infinity : this.now();
    this.at = id;
  }

  /** One's own press elsewhere, such as the next item, may change it. */
  expect(): void {
    this.expected = this.now();
  }

  /** The officer chose it: it is no surprise. */
  choose(id: AimedAt | null): void {
    this.at = id;
    this.since = -Infinity;
  }

  /** Whether a press on this may be obeyed. */
  fires(id: AimedAt): boolean {
    this.see(id);
    if (this.now() - this.since < NEW_MS) return false;
    this.own = id;
    return true;
  }
}
