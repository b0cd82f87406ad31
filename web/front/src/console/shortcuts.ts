/** Keys of the console. Off in text fields, in dialogs and with a modifier. */

const CUT_WITHIN_MS = 800;

export type Shortcuts = Record<string, () => void>;

export function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Two presses of Escape within 0.8 s. */
export class DoublePress {
  private last = Number.NEGATIVE_INFINITY;

  constructor(private readonly within = CUT_WITHIN_MS) {}

  /** Whether this press completes a pair. */
  press(at: number): boolean {
    const pair = at - this.last <= this.within;
    this.last = pair ? Number.NEGATIVE_INFINITY : at;
    return pair;
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
    // A dialog takes the first Escape for itself, and it does not count.
    if (options.dialogOpen()) return;
    if (event.key === "Escape") {
      if (escape.press(event.timeStamp)) options.onCut();
      else options.onFirstEscape();
      return;
    }
    if (isWriting(event.target)) return;
    const action = options.shortcuts()[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
