/** How the meeting stands before it goes live: a sentence each, and the button or the place that mends it. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { CheckView } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton, Panel, PressButton } from "./parts";
import type { Shortcuts } from "./shortcuts";

export function checkWord(check: CheckView["check"]): string {
  switch (check) {
    case "fine": return t("Fine");
    case "look": return t("Look");
    case "missing": return t("Missing");
  }
}

export function missing(lines: readonly CheckView[]): CheckView[] {
  return lines.filter((line) => line.check === "missing");
}

/** The keys of the marks, in the dialog that asks. */
const KEYS = { chair: "C", clerk: "K" } as const;

function markPayload(line: CheckView): { office: string; present: boolean } {
  return { office: line.about, present: line.check !== "fine" };
}

export function markKeys(desk: Desk): Shortcuts {
  const mark = (about: "chair" | "clerk") => (): void => {
    const line = desk.checks.peek().find((one) => one.about === about);
    if (line) void desk.run("attendance.mark", markPayload(line));
  };
  return { [KEYS.chair.toLowerCase()]: mark("chair"), [KEYS.clerk.toLowerCase()]: mark("clerk") };
}

export function Checklist({ desk, keys }: { desk: Desk; keys?: boolean }): JSX.Element | null {
  const lines = desk.checks.value;
  if (!lines.length) return null;
  return (
    <ul class="mc-readiness" aria-label={t("Checklist")}>
      {lines.map((line) => (
        <li key={line.about} data-about={line.about} data-check={line.check}>
          <strong>{checkWord(line.check)}</strong>
          <span>{line.sentence}</span>
          <Mend desk={desk} line={line} keys={keys ?? false} />
        </li>
      ))}
    </ul>
  );
}

/** Above the speakers until the meeting is live. */
export function ChecklistPanel({ desk }: { desk: Desk }): JSX.Element | null {
  return desk.checks.value.length ? <Panel title={t("Before going live")} class="mc-before"><Checklist desk={desk} /></Panel> : null;
}

/** What is missing is mended here, where a button can. */
function Mend({ desk, line, keys }: { desk: Desk; line: CheckView; keys: boolean }): JSX.Element | null {
  const fine = line.check === "fine";
  switch (line.about) {
    case "chair":
    case "clerk":
      return (
        <CommandButton desk={desk} name="attendance.mark" payload={markPayload(line)} {...(keys ? { shortcut: KEYS[line.about] } : {})}>
          {fine ? t("Not here") : t("Is here")}<span class="govuk-visually-hidden">: {line.about === "chair" ? t("the chair") : t("the clerk")}</span>
        </CommandButton>
      );
    case "feed":
      return fine ? null : <PressButton onClick={() => (desk.dialog.value = { name: "feeds" })}>{t("Encoder addresses")}</PressButton>;
    default:
      return null;
  }
}
