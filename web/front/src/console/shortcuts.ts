/** Keys of the console. Off in text fields and with a modifier; a dialog has keys of its own and no others. */

const CUT_WITHIN_MS = 800;

export type Shortcuts = Record<string, () => void>;

/** A box to tick takes no letters. */
const TICKED = ["checkbox", "radio"];

export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || (target instanceof HTMLInputElement && TICKED.includes(target.type))) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Do what a key stands for; whether it stood for anything. */
export function pressKey(event: KeyboardEvent, shortcuts: Shortcuts): boolean {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return false;
  const action = shortcuts[event.key.toLowerCase()];
  if (!action) return false;
  event.preventDefault();
  action();
  return true;
}

/** Two presses of Escape within 0.8 s, and nothing between them. */
export class DoublePress {
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly within = CUT_WITHIN_MS) {}

  /** Whether this press completes a pair. */
  press(at: number): boolean {
    const pair = at - this.last <= this.within;
    this.last = pair ? Number.NEGATIVE_INFINITY : at;
    return pair;
  }

  /** The next press is a first one. */
  forget(): void {
    this.last = Number.NEGATIVE_INFINITY;
  }
}

export interface ShortcutOptions {
  shortcuts: () => Shortcuts;
  dialogOpen: () => boolean;
  onFirstEscape: () => void;
  onCut: () => void;
}

export function listenForShortcuts(options: ShortcutOptions): void {
  const escape = new DoublePress();
  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      // The first also closes a dialog. Who cuts has no time to think of what is open.
      if (escape.press(event.timeStamp)) options.onCut();
      else options.onFirstEscape();
      return;
    }
    escape.forget();
    if (!options.dialogOpen()) pressKey(event, options.shortcuts());
  });
}
