/** “Can’t hear?”: the server's form, sent without a reload. */

import { effect } from "@preact/signals";
import { said, t } from "../shared/i18n";
import type { PublicFeed } from "./feed";

export function takeCantHear(form: HTMLFormElement, feed: PublicFeed): void {
  const status = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  effect(() => {
    form.hidden = feed.snapshot.signal.value.state !== "live";
  });
  form.addEventListener("submit", async (event) => {
    // Without a socket the form goes its own way.
    if (!feed.connection.connected.peek()) return;
    event.preventDefault();
    if (button) button.disabled = true;
    const answer = await feed.connection.command("hearing.report", {});
    if (button) button.disabled = false;
    const words = answer.ok
      ? t("Thank you. The officers in the meeting see it now. Look also whether your own device is muted.")
      : said(answer.error.message) ?? answer.error.message;
    if (status) status.textContent = words;
  });
}
