/** The list of keys, in which an officer gives an action another one. The browser keeps it; nobody else has it. */

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { Desk } from "./desk";
import { areOwn, isPossible, KEYS, LAYOUT_KEYS, letter, remap, resetKeys, takenBy, type Action, type KeyRow } from "./keys";
import { CloseButton, Dialog, PressButton } from "./parts";

export function KeysDialog({ desk }: { desk: Desk }): JSX.Element {
  const asked = useSignal<Action | null>(null);
  const words = useSignal("");
  const first = LAYOUT_KEYS[0];
  const last = LAYOUT_KEYS.at(-1);
  return (
    <Dialog desk={desk} title={t("Keys")} wide>
      <p>{t("They do nothing while you write in a field. An open dialog has keys of its own, which its buttons show; Enter presses the button that is framed.")}</p>
      <p>{t("Press a key of this list and then another one to change it, in this browser alone.")}</p>
      <p role="status" class="mc-keys__said">{words.value}</p>
      <dl class="mc-keys">
        {KEYS.map((row) => (
          <div key={row.action}>
            <dt><Changeable row={row} asked={asked} words={words} /></dt>
            <dd>{row.words()}</dd>
          </div>
        ))}
        <div><dt><kbd>{first} – {last}</kbd></dt><dd>{t("Layout: automatic, chamber, speaker, inset, side by side, slides, grid, slate")}</dd></div>
        <div><dt><kbd>{t("Esc Esc")}</kbd></dt><dd>{t("CUT: slate and silence at once")}</dd></div>
      </dl>
      <div class="mc-dialog__buttons">
        {areOwn() && <PressButton onClick={() => { resetKeys(); words.value = t("All keys are as they were."); }}>{t("All keys as they were")}</PressButton>}
        <CloseButton desk={desk} first>{t("Close")}</CloseButton>
      </div>
    </Dialog>
  );
}

interface ChangeableProps {
  row: KeyRow;
  /** Whose new key is waited for. */
  asked: Signal<Action | null>;
  words: Signal<string>;
}

function Changeable({ row, asked, words }: ChangeableProps): JSX.Element {
  const waits = asked.value === row.action;
  const ask = (): void => {
    asked.value = waits ? null : row.action;
    words.value = waits ? "" : t("Press the new key for “{what}”. Escape leaves it as it is.", { what: row.words() });
  };
  const take = (event: KeyboardEvent): void => {
    if (!waits || event.ctrlKey || event.metaKey || event.altKey || MODIFIERS.includes(event.key)) return;
    if (["Tab", "Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    asked.value = null;
    words.value = event.key === "Escape" ? "" : change(row, event.key);
  };
  return (
    <button
      type="button" class="mc-key mc-key--own" aria-pressed={waits} aria-label={t("Change the key {key}: {what}", { key: letter(row.action), what: row.words() })}
      onClick={ask} onKeyDown={take} onBlur={() => { if (waits) asked.value = null; }}
    >
      {waits ? "…" : letter(row.action)}
    </button>
  );
}

const MODIFIERS = ["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"];

/** What came of it, in words. */
function change(row: KeyRow, pressed: string): string {
  const key = pressed.toLowerCase();
  const other = takenBy(key);
  const told = { key: key.toUpperCase(), what: row.words() };
  if (remap(row.action, key)) return t("{key} is the key for “{what}” now.", told);
  if (other && isPossible(key)) return t("{key} is the key for “{other}” already.", { ...told, other: other.words() });
  return t("{key} cannot be the key for this.", told);
}
