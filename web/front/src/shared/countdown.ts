/** Speaking time. The server sends when it ends, never ticks; the page draws it. */

import type { Timer } from "./wire";
import { t } from "./i18n";

export type Urgency = "calm" | "amber" | "red" | "over";

/** An officer stopped it: the speaker stays on air, and the time stands still. */
export function stands(timer: Timer): boolean {
  return typeof timer.left_ms === "number";
}

function leftMs(timer: Timer, now: number): number {
  return timer.left_ms ?? timer.ends_ms - now;
}

/** Whole seconds left, rounded up so that "0:00" is the end; negative when over. */
export function secondsLeft(timer: Timer, now: number): number {
  const left = Math.ceil(leftMs(timer, now) / 1000);
  return left === 0 ? 0 : left;
}

/** Amber after 70 % of the time, red in the last 10 % (at least the last ten seconds). */
export function urgency(timer: Timer, now: number): Urgency {
  const left = leftMs(timer, now) / 1000;
  if (left <= 0) return "over";
  if (left <= Math.max(timer.seconds * 0.1, 10)) return "red";
  return left <= timer.seconds * 0.3 ? "amber" : "calm";
}

/** Moments worth saying, in seconds before the end, largest first. Half time only when it is not near another. */
export function setPoints(seconds: number): number[] {
  const half = Math.round(seconds / 2);
  const points = [60, 30, 10, 0].filter((point) => point < seconds);
  return (half > 75 ? [half, ...points] : points).sort((a, b) => b - a);
}

/** The words for a set point. */
export function setPointWords(point: number, seconds: number): string {
  if (point === 0) return t("Your time is up. Please finish.");
  if (point === 60) return t("1 minute left.");
  if (point === 30) return t("30 seconds left.");
  if (point === 10) return t("10 seconds left.");
  return t("Half of your time has gone. {left} left.", { left: clockWords(Math.min(point, seconds)) });
}

/** Says each set point once, and none that was already past when the page was opened. */
export class SetPoints {
  private ends = 0;
  private said = new Set<number>();
  private previous = Number.POSITIVE_INFINITY;

  /** The point passed since the last call, or null. */
  passed(timer: Timer, now: number): number | null {
    if (stands(timer)) return null;
    const left = secondsLeft(timer, now);
    if (timer.ends_ms !== this.ends) {
      this.ends = timer.ends_ms;
      this.said = new Set();
      this.previous = left;
      return null;
    }
    const crossed = setPoints(timer.seconds).filter(
      (point) => left <= point && this.previous > point && !this.said.has(point),
    );
    this.previous = left;
    for (const point of crossed) this.said.add(point);
    return crossed.at(-1) ?? null;
  }
}

/** `2:05`, `1:02:05`, `−0:12`. */
export function clockText(seconds: number): string {
  const whole = Math.floor(Math.abs(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  const sign = seconds < 0 ? "−" : "";
  return hours ? `${sign}${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${sign}${minutes}:${rest}`;
}

/** `2 minutes 5 seconds`, for a screen reader. */
export function clockWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const parts: string[] = [];
  const format = (value: number, unit: "hour" | "minute" | "second"): string =>
    new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit, unitDisplay: "long" }).format(value);
  if (hours) parts.push(format(hours, "hour"));
  if (minutes) parts.push(format(minutes, "minute"));
  if (whole % 60 || !parts.length) parts.push(format(whole % 60, "second"));
  return parts.join(" ");
}
