/** What is shown beside the people: a PDF page by page, or the officer's screen. */

import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { t } from "../shared/i18n";
import type { Desk } from "./desk";
import { CommandButton, PressButton } from "./parts";
import { isRunning } from "./public-state";
import { ScreenShare } from "./screen";

const LARGEST = 50 * 1024 * 1024;

export function Presentation({ desk }: { desk: Desk }): JSX.Element | null {
  const address = `/api/v1/meetings/${encodeURIComponent(desk.page.ref)}`;
  const screen = useMemo(() => new ScreenShare(`${address}/share`), [address]);
  screen.onLost = (words) => desk.note(words);
  useSignalEffect(() => void screen.follow(desk.engine.value?.studio ?? null));
  if (!isRunning(desk.meeting.value.state)) return null;
  const shared = screen.sharing.value;
  const share = async (): Promise<void> => {
    const trouble = shared === "no" ? await screen.start() : await screen.stop();
    if (trouble) desk.note(trouble);
  };
  return (
    <div class="mc-presentation" role="group" aria-label={t("Presentation")}>
      <Pages desk={desk} />
      <Upload desk={desk} address={`${address}/presentation`} />
      <PressButton tone={shared === "no" ? "plain" : "danger"} busy={shared === "starting"} onClick={() => void share()}>
        {shared === "no" ? t("Share a screen") : t("Stop sharing")}
      </PressButton>
    </div>
  );
}

function Pages({ desk }: { desk: Desk }): JSX.Element | null {
  const page = desk.engine.value?.studio?.page ?? null;
  const held = desk.engine.value?.document ?? null;
  if (!held) return <span class="mc-presentation__what">{t("No PDF yet")}</span>;
  if (!page) {
    return (
      <>
        <span class="mc-presentation__what">{held.title}</span>
        <CommandButton desk={desk} name="presentation.show" payload={{ page: 1 }} tone="primary">{t("Show the PDF")}</CommandButton>
      </>
    );
  }
  return (
    <>
      <span class="mc-presentation__what" role="status">{t("{title}: page {page} of {pages}", { title: page.title, page: page.page, pages: page.pages })}</span>
      <CommandButton desk={desk} name="presentation.previous" disabled={page.page <= 1} title={t("Previous page")}>{t("Back")}</CommandButton>
      <CommandButton desk={desk} name="presentation.next" disabled={page.page >= page.pages} title={t("Next page")}>{t("On")}</CommandButton>
      <CommandButton desk={desk} name="presentation.stop" tone="danger">{t("Stop showing")}</CommandButton>
    </>
  );
}

function Upload({ desk, address }: { desk: Desk; address: string }): JSX.Element {
  const busy = useSignal(false);
  const send = async (field: HTMLInputElement): Promise<void> => {
    const file = field.files?.[0];
    if (!file) return;
    busy.value = true;
    const trouble = await upload(address, file);
    busy.value = false;
    field.value = "";
    if (trouble) desk.note(trouble);
  };
  return (
    <label class="mc-button mc-button--plain mc-presentation__upload" aria-busy={busy.value}>
      {busy.value ? t("Reading the PDF…") : t("Upload a PDF")}
      <input
        class="govuk-visually-hidden" type="file" accept="application/pdf,.pdf" disabled={busy.value}
        onChange={(event) => void send(event.currentTarget)}
      />
    </label>
  );
}

/** Send a PDF to be kept for the meeting. Tells what was wrong with it, in a sentence. */
export async function upload(address: string, file: File, by: typeof fetch = fetch): Promise<string | null> {
  if (file.size > LARGEST) return t("A PDF can have 50 MB at most.");
  const form = new FormData();
  form.append("document", file, file.name);
  try {
    const response = await by(address, { method: "POST", headers: { Accept: "application/json" }, body: form });
    if (response.ok) return null;
    const problem = (await response.json()) as { detail?: string };
    return problem.detail ?? t("The PDF was not taken.");
  } catch (error) {
    console.error(error);
    return t("There was no answer from the meeting server. The PDF was not sent.");
  }
}
