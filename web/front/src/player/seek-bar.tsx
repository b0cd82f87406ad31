/** The seek bar: a slider that says where it is in words, with a mark for each agenda item. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { clockText, clockWords } from "../shared/countdown";
import { t } from "../shared/i18n";
import type { PlayerController } from "./controller";
import { chapterAt, type Chapter } from "./timeline";

export function valueText(seconds: number, chapters: readonly Chapter[]): string {
  const chapter = chapterAt(chapters, seconds);
  return chapter ? `${clockWords(seconds)}, ${chapter.label}` : clockWords(seconds);
}

export function SeekBar({ player, chapters }: { player: PlayerController; chapters: readonly Chapter[] }): JSX.Element {
  const hover = useSignal<number | null>(null);
  const drag = useSignal<number | null>(null);
  const { start, end } = player.range.value;
  const span = Math.max(end - start, 0.001);
  const position = drag.value ?? player.position.value;
  const share = (seconds: number): string => `${Math.min(Math.max((seconds - start) / span, 0), 1) * 100}%`;
  const at = (event: PointerEvent): number => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return start + Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * span;
  };
  const keys = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowLeft: -10, ArrowDown: -10, ArrowRight: 10, ArrowUp: 10, PageDown: -60, PageUp: 60 };
    const by = steps[event.key];
    if (by !== undefined) player.skip(by);
    else if (event.key === "Home") player.seek(start);
    else if (event.key === "End") player.seek(end);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const release = (): void => {
    if (drag.value !== null) player.seek(drag.value);
    drag.value = null;
  };
  const shown = drag.value ?? hover.value;
  const chapter = shown === null ? null : chapterAt(chapters, shown);
  return (
    <div
      class="mh-seek" role="slider" tabIndex={0} aria-label={t("Position")}
      aria-valuemin={Math.floor(start)} aria-valuemax={Math.ceil(end)} aria-valuenow={Math.round(position)}
      aria-valuetext={valueText(position, chapters)}
      onKeyDown={keys}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag.value = at(event);
      }}
      onPointerMove={(event) => {
        hover.value = at(event);
        if (drag.value !== null) drag.value = hover.value;
      }}
      onPointerLeave={() => (hover.value = null)}
      onPointerUp={release}
      onPointerCancel={() => (drag.value = null)}
    >
      <div class="mh-seek__track">
        <div class="mh-seek__past" style={{ width: share(position) }} />
        {chapters.filter((mark) => mark.at > start && mark.at < end).map((mark) => (
          <span key={`${mark.item_id}-${mark.at}`} class="mh-seek__mark" style={{ left: share(mark.at) }} />
        ))}
      </div>
      <span class="mh-seek__thumb" style={{ left: share(position) }} />
      {shown !== null && end > 0 && (
        <span class="mh-seek__tip" style={{ left: share(shown) }}>
          {clockText(shown)}{chapter ? ` · ${chapter.label}` : ""}
        </span>
      )}
    </div>
  );
}
