/** Times and sizes in the page's language. The meeting is in the United Kingdom, wherever the device is. */

import { locale, t } from "./i18n";

const ZONE = "Europe/London";

/** `19:40`. */
export function timeOfDay(ms: number, seconds = false): string {
  return new Intl.DateTimeFormat(locale(), {
    hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}), hour12: false, timeZone: ZONE,
  }).format(ms);
}

/** As the server writes a time on a page: `7:40pm`, `midday`; `19:40` in other languages than English. */
export function clockTime(ms: number): string {
  if (!locale().startsWith("en")) return timeOfDay(ms);
  const [hours = 0, minutes = 0] = timeOfDay(ms).split(":").map(Number);
  if (minutes === 0 && hours % 12 === 0) return hours ? "midday" : "midnight";
  return `${hours % 12 || 12}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}${hours < 12 ? "am" : "pm"}`;
}

/** In the words of our own catalogue: Chromium has no Welsh dates. */
function calendarWords(): Record<string, string> {
  return {
    Monday: t("Monday"), Tuesday: t("Tuesday"), Wednesday: t("Wednesday"), Thursday: t("Thursday"), Friday: t("Friday"), Saturday: t("Saturday"), Sunday: t("Sunday"),
    January: t("January"), February: t("February"), March: t("March"), April: t("April"), May: t("May"), June: t("June"),
    July: t("July"), August: t("August"), September: t("September"), October: t("October"), November: t("November"), December: t("December"),
  };
}

/** `Thursday 26 November 2026`, of `2026-11-26`. */
export function dayOf(date: string): string {
  return day(Date.parse(`${date}T12:00:00Z`));
}

/** The same of a moment. */
export function day(ms: number): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: ZONE,
  });
  const words = calendarWords();
  const parts = format.formatToParts(ms).map(({ value }) => words[value] ?? value);
  return parts.join("").replace(",", "");
}

/** `Thu 26 Nov`. */
export function shortDay(ms: number): string {
  return new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short", timeZone: ZONE }).format(ms).replace(",", "");
}

/** `1.2 GB`. */
export function size(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return new Intl.NumberFormat(locale(), {
    style: "unit", unit: units[power] ?? "byte", unitDisplay: "short", maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1000 ** power);
}

/** `6` for an item that the agenda calls `6.`: inside a sentence the full stop would end it. */
export function itemNumber(item: { number: string }): string {
  return item.number.replace(/[.:)\s]+$/, "");
}
