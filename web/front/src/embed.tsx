/** The player in a frame on another site: it keeps nothing in the browser, and asks for the state now and then. */

import { effect } from "@preact/signals";
import { updateNotice } from "./public/notice";
import { meetingPlayer, type PlayerPage } from "./public/meeting-player";
import { phaseOf } from "./public/phase";
import { ServerClock } from "./shared/clock";
import { readPage } from "./shared/page";
import type { PublicSnapshot } from "./shared/wire";
import { Newest } from "./shared/versioned";

const ASK_MS = 4000;

const page = readPage<PlayerPage>();
const first = phaseOf(page.snapshot.state);
const clock = new ServerClock();
const snapshot = new Newest(page.snapshot, (ms) => clock.heard(ms));

meetingPlayer(page, clock, snapshot.signal, (seconds) => {
  const link = new URL(document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href ?? location.href);
  link.search = `?t=${seconds}`;
  return link.href;
});

const notice = document.getElementById("notice");
if (notice) effect(() => updateNotice(notice, snapshot.signal.value.notice));

async function ask(): Promise<void> {
  if (document.hidden) return;
  try {
    const response = await fetch(page.urls.state, { headers: { Accept: "application/json" } });
    if (response.ok) snapshot.offer((await response.json()) as PublicSnapshot);
  } catch (error) {
    // The network is away: the next turn asks again.
    console.info("state.json could not be read", error);
  }
  // The page has another shape before, during and after the meeting, and nobody writes in this one.
  if (phaseOf(snapshot.value.state) !== first) location.reload();
}

setInterval(() => void ask(), ASK_MS);
