/** What kind of page the meeting needs now, and going over to it. */

import { t } from "../shared/i18n";
import type { MeetingState, PublicSnapshot } from "../shared/wire";

export type PagePhase = "before" | "live" | "ended" | "recording" | "gone";

export function phaseOf(state: MeetingState): PagePhase {
  switch (state) {
    case "scheduled": return "before";
    case "ended": return "ended";
    case "published": return "recording";
    case "withheld":
    case "expired": return "gone";
    default: return "live";
  }
}

/** What the link says that takes a busy reader to the new page. */
export function invitation(phase: PagePhase): string {
  switch (phase) {
    case "live": return t("The meeting has opened. Go to the live page.");
    case "recording": return t("The recording is ready. Go to the recording.");
    case "ended": return t("The meeting has ended. Go to its page.");
    default: return t("This page has changed. Load it again.");
  }
}

const KEY = "moothall-turned";
/** What has not led anywhere by then was a download, or failed. */
const LEAVING_MS = 10_000;

/** Turns the page over when the meeting needs another one, unless the reader is busy; then offers a link. */
export class PageTurner {
  private offered: HTMLElement | null = null;
  private leftAt = -Infinity;

  constructor(
    private readonly first: PagePhase,
    private readonly busy: () => boolean,
    private readonly reload: () => void = () => location.reload(),
  ) {
    addEventListener("beforeunload", () => (this.leftAt = performance.now()));
  }

  look(snapshot: PublicSnapshot): void {
    const phase = phaseOf(snapshot.state);
    if (phase === this.first) return;
    if (this.busy() || this.leaving || turnedJustNow(phase)) this.offer(phase);
    else this.turn(phase);
  }

  /** Say that there is a newer page, and leave it to the reader when. */
  renew(): void {
    this.offer("gone");
  }

  /** Whether the reader is on the way to another page, from which a reload would call them back. */
  private get leaving(): boolean {
    return performance.now() - this.leftAt < LEAVING_MS;
  }

  private turn(phase: PagePhase): void {
    remember(phase);
    this.reload();
  }

  private offer(phase: PagePhase): void {
    this.offered ??= document.body.appendChild(document.createElement("div"));
    const { offered } = this;
    if (offered.dataset["phase"] === phase) return;
    offered.dataset["phase"] = phase;
    offered.className = "mh-turn";
    offered.setAttribute("role", "status");
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = location.href;
    link.textContent = invitation(phase);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      this.turn(phase);
    });
    offered.replaceChildren(link);
  }
}

/** A stale page from a cache must not make the browser turn in circles. */
function turnedJustNow(phase: PagePhase): boolean {
  try {
    const [last, at] = (sessionStorage.getItem(KEY) ?? "").split(" ");
    return last === phase && Date.now() - Number(at) < 10_000;
  } catch {
    return false;
  }
}

function remember(phase: PagePhase): void {
  try {
    sessionStorage.setItem(KEY, `${phase} ${Date.now()}`);
  } catch {
    // Storage is refused: the page turns all the same.
  }
}
