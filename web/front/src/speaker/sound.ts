/** Meters and tones. */

import { signal } from "@preact/signals";

let context: AudioContext | null = null;

function audio(): AudioContext {
  // Nobody plays along with a meter or a chime: large blocks wake an old device seldom.
  context ??= new AudioContext({ latencyHint: "playback" });
  if (context.state === "suspended") void context.resume();
  return context;
}

/** The loudness of a microphone, 0 to 1, also while the track that is sent is muted. */
export class Meter {
  readonly level = signal(0);
  readonly heard = signal(false);
  private timer: ReturnType<typeof setInterval> | null = null;
  private track: MediaStreamTrack | null = null;
  private source: MediaStreamAudioSourceNode | null = null;

  watch(stream: MediaStream | null): void {
    this.stop();
    const original = stream?.getAudioTracks()[0];
    if (!original) return;
    this.track = original.clone();
    this.track.enabled = true;
    this.source = audio().createMediaStreamSource(new MediaStream([this.track]));
    const analyser = audio().createAnalyser();
    analyser.fftSize = 1024;
    this.source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.level.value = loudness(samples);
      if (this.level.value > 0.35) this.heard.value = true;
    }, 80);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.source?.disconnect();
    this.track?.stop();
    this.timer = null;
    this.track = null;
    this.level.value = 0;
  }
}

/** Root mean square on a scale from −60 dBFS (0) to −6 dBFS (1). */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(samples.length, 1) + 1e-10);
  return Math.min(Math.max((decibels + 60) / 54, 0), 1);
}

/** A gentle tone of `seconds`, to hear whether the loudspeaker works. */
export function tone(seconds = 1, frequency = 440): void {
  const output = audio();
  const oscillator = output.createOscillator();
  const gain = output.createGain();
  const start = output.currentTime;
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.2, start + 0.05);
  gain.gain.setValueAtTime(0.2, start + seconds - 0.1);
  gain.gain.linearRampToValueAtTime(0, start + seconds);
  oscillator.connect(gain).connect(output.destination);
  oscillator.start(start);
  oscillator.stop(start + seconds);
}

/** Two rising notes: somebody is called. */
export function chime(): void {
  tone(0.35, 523);
  setTimeout(() => tone(0.6, 784), 300);
}
