/** Small pieces that all panels use. */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t, tn } from "../shared/i18n";
import { Held } from "./delay";
import { keyOf, type Desk } from "./desk";
import { isRunning } from "./public-state";
import { pressKey, type Shortcuts } from "./shortcuts";

interface CommandButtonProps {
  desk: Desk;
  name: string;
  payload?: object;
  tone?: "primary" | "danger" | "plain" | "good";
  shortcut?: string;
  disabled?: boolean;
  missing?: string | false;
  title?: string;
  onDone?: () => void;
  children: ComponentChildren;
}

/** A button that carries out one command, and is off while it is on its way. */
export function CommandButton({ desk, name, payload = {}, onDone, ...rest }: CommandButtonProps): JSX.Element {
  const key = keyOf(name, payload);
  const flying = desk.isFlying(key);
  const go = async (): Promise<void> => {
    if (await desk.run(name, payload, key)) onDone?.();
  };
  return <PressButton {...rest} disabled={Boolean(rest.disabled) || flying} busy={flying} onClick={() => void go()} />;
}

interface PressButtonProps {
  tone?: "primary" | "danger" | "plain" | "good";
  shortcut?: string;
  disabled?: boolean;
  /** What is still to be done before it can be pressed. It stands beside the button, which can be reached to hear it. */
  missing?: string | false;
  busy?: boolean;
  pressed?: boolean;
  title?: string;
  class?: string;
  /** Has the focus when its dialog opens. */
  first?: boolean;
  onClick: () => void;
  children: ComponentChildren;
}

export function PressButton({ tone = "plain", shortcut, disabled, missing, busy, pressed, title, first, onClick, children, class: classes }: PressButtonProps): JSX.Element {
  const why = useId();
  const held = missing ? { "aria-disabled": true, "aria-describedby": why } : { onClick };
  return (
    <>
      <button
        type="button" class={`mc-button mc-button--${tone} ${classes ?? ""}`} disabled={disabled ?? false} aria-busy={busy ?? false} aria-pressed={pressed}
        title={title} aria-keyshortcuts={shortcut} autofocus={first} {...held}
      >
        {children}
        {shortcut && <kbd class="mc-key" aria-hidden="true">{shortcut}</kbd>}
      </button>
      {missing && <span id={why} class="mc-missing">{missing}</span>}
    </>
  );
}

interface PanelProps {
  title: string;
  class: string;
  aside?: ComponentChildren;
  /** Nothing in it takes the focus, so that it is itself what the arrow keys scroll. */
  onlyText?: boolean;
  children: ComponentChildren;
}

export function Panel({ title, class: classes, aside, onlyText, children }: PanelProps): JSX.Element {
  return (
    <section class={`mc-panel ${classes}`} aria-label={title}>
      <header class="mc-panel__head"><h2>{title}</h2>{aside}</header>
      <div class="mc-panel__body" {...(onlyText ? { tabIndex: 0, role: "group", "aria-label": title } : {})}>{children}</div>
    </section>
  );
}

/** Of a list whose order is held: what came meanwhile. */
export function Below({ fresh }: { fresh: number }): JSX.Element {
  return <p class="mc-below" role="status">{fresh > 0 && tn("{n} new below", "{n} new below", fresh)}</p>;
}

interface DialogProps {
  desk: Desk;
  title: string;
  tone?: "danger" | "plain";
  wide?: boolean;
  /** Keys that its buttons show. */
  keys?: Shortcuts;
  children: ComponentChildren;
}

/** A modal dialog: the browser keeps the focus inside, Escape closes it. */
export function Dialog({ desk, title, tone = "plain", wide = false, keys = {}, children }: DialogProps): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} class={`mc-dialog mc-dialog--${tone}${wide ? " mc-dialog--wide" : ""}`} aria-labelledby="dialog-title" onClose={() => desk.close()} onKeyDown={(event) => void pressKey(event, keys)}>
      <h2 id="dialog-title">{title}</h2>
      {desk.staff.value.rehearsal && <p class="mc-dialog__rehearsal">{t("This is a rehearsal: nothing is public, and nothing is recorded. What follows is what would happen in a meeting.")}</p>}
      {children}
      <CutButton desk={desk} again />
    </dialog>
  );
}

/** Why what was pressed in a dialog was refused. */
export function Trouble({ desk }: { desk: Desk }): JSX.Element | null {
  return desk.trouble.value ? <p class="mc-dialog__trouble" role="alert">{desk.trouble.value}</p> : null;
}

/** The emergency cut. A modal dialog makes everything behind it dead, so it carries a second one in the same place. */
export function CutButton({ desk, again }: { desk: Desk; again?: boolean }): JSX.Element {
  return (
    <button
      type="button" class={again ? "mc-cut mc-cut--again" : "mc-cut"} aria-keyshortcuts="Escape Escape"
      disabled={!isRunning(desk.meeting.value.state) || desk.isFlying("gate.cut")}
      title={t("Slate and silence at once, nothing to confirm")} onClick={() => void desk.cut()}
    >
      <strong>{t("CUT")}</strong>
      <Held desk={desk} drops />
      <span>{desk.cutAsked.value ? t("Esc again cuts") : "Esc Esc"}</span>
    </button>
  );
}

export function CloseButton({ desk, first, children }: { desk: Desk; first?: boolean; children?: ComponentChildren }): JSX.Element {
  return <PressButton {...(first ? { first } : {})} onClick={() => desk.close()}>{children ?? t("Do nothing")}</PressButton>;
}

/** A level in decibels below full scale, drawn from −60 to 0. */
export function LevelMeter({ level, peak, label }: { level: number; peak?: number; label: string }): JSX.Element {
  const share = shareOf(level);
  const state = level > -3 || (peak ?? -100) > -0.5 ? "hot" : level < -45 ? "low" : "good";
  return (
    <span class="mc-level" role="img" aria-label={t("{label}: {level} decibels", { label, level: Math.round(level) })} data-state={state}>
      <span class="mc-level__fill" style={{ transform: `scaleX(${share})` }} />
      {peak !== undefined && peak > -60 && <span class="mc-level__peak" style={{ left: `${shareOf(peak) * 100}%` }} />}
    </span>
  );
}

/** -60 dB is nothing, full scale is all. */
function shareOf(level: number): number {
  return Math.min(Math.max((level + 60) / 60, 0), 1);
}

/** A source's meter, ten times a second; `level` stands in until the first event. Reads the signal by itself. */
export function SourceMeter({ desk, source, level, label }: { desk: Desk; source: string; level: number; label: string }): JSX.Element {
  const now = isRunning(desk.meeting.value.state) ? desk.levels.value?.sources.find((one) => one.source === source) : undefined;
  return now ? <LevelMeter level={now.rms} peak={now.peak} label={label} /> : <LevelMeter level={level} label={label} />;
}

/** What the public hear; nothing while the gate is closed. */
export function ProgrammeMeter({ desk, label }: { desk: Desk; label: string }): JSX.Element {
  const studio = desk.engine.value?.studio;
  const now = desk.levels.value?.programme;
  if (studio?.gate.state !== "open") return <LevelMeter level={-100} label={label} />;
  return now ? <LevelMeter level={now.rms} peak={now.peak} label={label} /> : <LevelMeter level={studio.programme_dbfs} label={label} />;
}

export function CopyField({ label, value, secret }: { label: string; value: string; secret?: boolean }): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  const copy = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    try {
      await navigator.clipboard.writeText(value);
      button.textContent = t("Copied");
    } catch {
      if (field.current) {
        field.current.type = "text";
        field.current.select();
      }
      button.textContent = t("Press Ctrl and C");
    }
  };
  return (
    <label class="mc-copy">
      <span>{label}</span>
      {secret
        ? <input ref={field} type="password" readOnly autocomplete="off" value={value} onFocus={(event) => (event.currentTarget.type = "text")} />
        : <input ref={field} type="text" readOnly autocomplete="off" value={value} />}
      <button type="button" class="mc-button mc-button--plain" onClick={(event) => void copy(event)}>{t("Copy")}</button>
    </label>
  );
}
