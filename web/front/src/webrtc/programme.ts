/** The programme by WHEP, for those who wait or work with it: tries again for ever, without a fallback. */

import { signal } from "@preact/signals";
import { Backoff } from "../player/backoff";
import { WhepError } from "./whep";
import { WhepLine } from "./whep-line";

export class Programme {
  readonly stream = signal<MediaStream | null>(null);
  private readonly line = new WhepLine();
  private retry: ReturnType<typeof setTimeout> | null = null;
  private readonly backoff = new Backoff(500, 8000);
  private wanted = false;

  constructor(private readonly url: string) {
    this.line.onLost = () => this.again();
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    addEventListener("pagehide", this.leave);
    void this.connect();
  }

  stop(): void {
    this.wanted = false;
    removeEventListener("pagehide", this.leave);
    if (this.retry) clearTimeout(this.retry);
    this.leave();
    this.stream.value = null;
  }

  private readonly leave = (): void => this.line.close();

  private async connect(): Promise<void> {
    try {
      this.stream.value = await this.line.open(this.url);
      this.backoff.reset();
    } catch (error) {
      if (error instanceof WhepError && error.fault === "stopped") return;
      console.info("The programme could not be reached", error);
      this.again();
    }
  }

  private again(): void {
    this.line.close();
    if (this.wanted) this.retry = setTimeout(() => void this.connect(), this.backoff.next());
  }
}
