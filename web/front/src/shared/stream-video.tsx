/** A `<video>` or `<audio>` that plays a stream, and says when the browser wants a press first. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "./i18n";

interface Props {
  stream: MediaStream | null;
  muted: boolean;
  label: string;
  class?: string;
}

export function StreamVideo({ stream, muted, label, class: classes }: Props): JSX.Element {
  const { element, blocked, press } = usePlaying<HTMLVideoElement>(stream, muted);
  return (
    <span class={`mh-stream ${classes ?? ""}`}>
      <video ref={element} autoplay playsInline muted={muted} aria-label={label} />
      {blocked && <button type="button" class="govuk-button mh-stream__press" onClick={press}>{t("Turn sound on")}</button>}
    </span>
  );
}

export function StreamAudio({ stream }: { stream: MediaStream | null }): JSX.Element {
  const { element, blocked, press } = usePlaying<HTMLAudioElement>(stream, false);
  return (
    <>
      <audio ref={element} autoplay />
      {blocked && <button type="button" class="govuk-button" onClick={press}>{t("Turn sound on")}</button>}
    </>
  );
}

interface Playing<E> {
  element: { current: E | null };
  blocked: boolean;
  press: () => void;
}

function usePlaying<E extends HTMLMediaElement>(stream: MediaStream | null, muted: boolean): Playing<E> {
  const element = useRef<E>(null);
  const blocked = useSignal(false);
  useEffect(() => {
    const media = element.current;
    if (!media) return;
    media.muted = muted;
    if (media.srcObject !== stream) media.srcObject = stream;
    if (stream) void play(media, muted, blocked);
  }, [stream, muted]);
  const press = (): void => {
    if (element.current) void play(element.current, muted, blocked);
  };
  return { element, blocked: blocked.value && !muted, press };
}

async function play(media: HTMLMediaElement, muted: boolean, blocked: { value: boolean }): Promise<void> {
  try {
    media.muted = muted;
    await media.play();
    blocked.value = false;
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return;
    // Pictures need no permission; the sound waits for a press.
    blocked.value = true;
    media.muted = true;
    await media.play().catch(() => undefined);
  }
}
