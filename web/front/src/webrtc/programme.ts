/** The programme by WHEP, for those who wait or work with it: tries again for ever, without a fallback. */

import { signal } from "@preact/signals";
import { Backoff } from "../player/backoff";
import { WhepSession } from "./whep";

export class Programme {
  readonly stream = signal<MediaStream | null>(null);
  private session: WhepSession | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private readonly backoff = new Backoff(500, 8000);
  private wanted = false;

  constructor(private readonly url: string) {}

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

  private readonly leave = (): void => {
    this.session?.stop();
    this.session = null;
  };

  private async connect(): Promise<void> {
    const session = new WhepSession(this.url);
    this.session = session;
    session.onLost = () => this.again();
    try {
      const stream = await session.start();
      if (session !== this.session) return;
      this.stream.value = stream;
      this.backoff.reset();
    } catch (error) {
      console.info("The programme could not be reached", error);
      if (session === this.session) this.again();
    }
  }

  private again(): void {
    this.session = null;
    if (this.wanted) this.retry = setTimeout(() => void this.connect(), this.backoff.next());
  }
}
