/** How the picture is composed, and the names in it. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { LayoutName } from "../shared/wire";
import type { Desk } from "./desk";
import { LAYOUT_KEYS, letter } from "./keys";
import { PressButton } from "./parts";

/** In the order of their keys. */
export function layouts(): [LayoutName | null, string][] {
  return [
    [null, t("Automatic")],
    ["chamber", t("Chamber")],
    ["speaker", t("Speaker")],
    ["chamber_with_speaker", t("Inset")],
    ["side_by_side", t("Side by side")],
    ["presentation", t("Slides")],
    ["grid", t("Grid")],
    ["slate", t("Slate")],
  ];
}

export function layOut(desk: Desk, layout: LayoutName | null, cut = false): void {
  void desk.run("layout.set", { layout, transition: cut ? "cut" : "dissolve" }, `layout:${layout}`);
}

export function showNames(desk: Desk): void {
  const studio = desk.engine.peek()?.studio;
  if (studio) void desk.run("captions.show", { visible: !studio.captions_visible });
}

export function Picture({ desk }: { desk: Desk }): JSX.Element | null {
  const studio = desk.engine.value?.studio;
  if (!studio) return null;
  return (
    <>
      <div class="mc-layouts" role="group" aria-label={t("Layout")}>
        {layouts().map(([layout, text], number) => (
          <button
            key={text} type="button" aria-pressed={studio.override === layout} disabled={desk.isFlying(`layout:${layout}`)}
            aria-keyshortcuts={LAYOUT_KEYS[number]} data-shown={studio.layout === layout}
            title={t("Key {key}; with Shift held down, a cut instead of a dissolve", { key: LAYOUT_KEYS[number] ?? "" })}
            onClick={(event) => layOut(desk, layout, event.shiftKey)}
          >
            {text}
          </button>
        ))}
      </div>
      <Names desk={desk} visible={studio.captions_visible} chamber={studio.captions["chamber"] ?? ""} />
    </>
  );
}

function Names({ desk, visible, chamber }: { desk: Desk; visible: boolean; chamber: string }): JSX.Element {
  const words = useSignal<string | null>(null);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (words.value !== null && (await desk.run("captions.chamber", { text: words.value }))) words.value = null;
  };
  return (
    <form class="mc-names" onSubmit={(event) => void send(event)}>
      <PressButton shortcut={letter("names")} pressed={visible} busy={desk.isFlying("captions.show")} onClick={() => showNames(desk)}>
        {t("Names")}
      </PressButton>
      <input
        type="text" maxLength={120} aria-label={t("Name in the chamber’s picture")} placeholder={t("In the chamber: Cllr Jane Doe, Chair")}
        value={words.value ?? chamber} onInput={(event) => (words.value = event.currentTarget.value)}
      />
      <button type="submit" class="mc-button" disabled={words.value === null || desk.isFlying("captions.chamber")}>{t("Set")}</button>
    </form>
  );
}
