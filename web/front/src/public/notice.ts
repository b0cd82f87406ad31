/** The true words while the public see a slate. */

import { timeOfDay } from "../shared/format";
import { said, t } from "../shared/i18n";
import type { Notice } from "../shared/wire";

export function updateNotice(root: HTMLElement, notice: Notice | null): void {
  root.hidden = notice === null;
  const key = JSON.stringify(notice);
  if (root.dataset["shown"] === key) return;
  root.dataset["shown"] = key;
  if (notice === null) {
    root.replaceChildren();
    return;
  }
  const title = document.createElement("p");
  title.className = "notice-title govuk-body govuk-!-font-weight-bold";
  write(title, notice.title);
  root.replaceChildren(title, ...lines(notice).map(paragraph));
}

/** The server writes the expected time into its lines or not; it is said once. */
function lines(notice: Notice): string[] {
  if (notice.expected_back_ms === null) return notice.lines;
  const time = timeOfDay(notice.expected_back_ms);
  if (notice.lines.some((line) => line.includes(time))) return notice.lines;
  return [...notice.lines, t("Expected back about {time}.", { time })];
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "govuk-body";
  write(element, text);
  return element;
}

/** What nobody translated is marked as English. */
function write(element: HTMLElement, text: string): void {
  const words = said(text);
  element.textContent = words ?? text;
  if (words === null) element.lang = "en";
}
