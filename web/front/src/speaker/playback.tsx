/** Hear yourself as the microphone takes you: five seconds are recorded in the browser, played back and forgotten. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../shared/i18n";
import type { Devices } from "./devices";

const SECONDS = 5;

export function Playback({ devices }: { devices: Devices }): JSX.Element | null {
  const recording = useSignal(false);
  const heard = useSignal<string | null>(null);
  useEffect(() => () => forget(heard.peek()), []);
  if (typeof MediaRecorder === "undefined") return null;
  const record = async (): Promise<void> => {
    const track = devices.stream.value?.getAudioTracks()[0];
    if (!track) return;
    forget(heard.peek());
    heard.value = null;
    recording.value = true;
    heard.value = URL.createObjectURL(await recorded(track));
    recording.value = false;
  };
  return (
    <div class="mh-playback">
      <button type="button" class="govuk-button govuk-button--secondary" disabled={recording.value} onClick={() => void record()}>
        {recording.value ? t("Recording, please speak…") : t("Record five seconds and listen")}
      </button>
      {heard.value && <audio controls src={heard.value} aria-label={t("Your recording")} />}
      <p class="govuk-body-s" role="status">{recording.value ? "" : heard.value ? t("Listen to it. It stays in this browser and is forgotten.") : ""}</p>
    </div>
  );
}

async function recorded(track: MediaStreamTrack): Promise<Blob> {
  const recorder = new MediaRecorder(new MediaStream([track]));
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
  recorder.start();
  setTimeout(() => recorder.stop(), SECONDS * 1000);
  await stopped;
  return new Blob(parts, { type: recorder.mimeType });
}

function forget(address: string | null): void {
  if (address) URL.revokeObjectURL(address);
}
