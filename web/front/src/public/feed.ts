/** The meeting's state, by the socket, and by asking for `state.json` while the socket does not work. */

import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { Connection, openSocket, type Wire } from "../shared/socket";
import type { ServerClock } from "../shared/clock";
import { changed, type Delta } from "../shared/delta";
import { Newest } from "../shared/versioned";
import type { OwnHand, OwnQuestion, PublicSnapshot } from "../shared/wire";

export interface FeedOptions {
  socket: string;
  state: string;
  device: string;
  first: PublicSnapshot;
  clock: ServerClock;
  /** A test gives its own. */
  wire?: Wire;
}

/** How long the socket may be away before the page asks by itself. */
const PATIENCE_MS = 2000;

export class PublicFeed {
  readonly connection: Connection;
  readonly snapshot: Newest<PublicSnapshot>;
  /** Why this device may no longer ask or vote; "" when it may. */
  readonly removed = signal("");
  /** This device's hand in a webinar. */
  readonly hand = signal<OwnHand | null>(null);
  private readonly own = signal<OwnQuestion[]>([]);
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: FeedOptions) {
    this.snapshot = new Newest(options.first, (ms) => options.clock.heard(ms));
    const auth = { meeting: options.first.ref, device: options.device };
    this.connection = new Connection(options.wire ?? openSocket("/audience", options.socket, auth));
    this.connection.on<PublicSnapshot>("state", (next) => this.snapshot.offer(next));
    this.connection.on<Delta>("delta", (delta) => void this.change(delta));
    this.connection.on<{ removed: string }>("me", (me) => (this.removed.value = me.removed));
    this.connection.on<OwnHand>("hand", (hand) => (this.hand.value = hand));
    this.connection.on<OwnQuestion[]>("mine", (mine) => (this.own.value = mine));
    effect(() => {
      if (this.connection.connected.value) this.stopPolling();
      else this.poll(PATIENCE_MS);
    });
    this.connection.open();
  }

  get mine(): ReadonlySignal<OwnQuestion[]> {
    return this.own;
  }

  /** The acknowledgement of a question shows it before the next `mine`. */
  addOwn(question: OwnQuestion): void {
    if (!this.own.value.some((known) => known.id === question.id)) this.own.value = [...this.own.value, question];
  }

  /** The same of a change: its words, and not where it stands, which may have moved on since. */
  changeOwn({ id, text, author }: OwnQuestion): void {
    this.own.value = this.own.value.map((known) => (known.id === id ? { ...known, text, author: author ?? "" } : known));
  }

  private async change(delta: Delta): Promise<void> {
    const next = changed(this.snapshot.value, delta);
    if (next !== "missed") {
      this.snapshot.offer(next);
      return;
    }
    const whole = await this.connection.ask<{ state: PublicSnapshot }>("state.get", {});
    if (whole.ok) this.snapshot.offer(whole.state);
  }

  private stopPolling(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private poll(afterMs: number): void {
    this.stopPolling();
    this.timer = setTimeout(async () => {
      await this.ask();
      if (!this.connection.connected.peek()) this.poll(2000 + Math.random() * 3000);
    }, afterMs);
  }

  private async ask(): Promise<void> {
    if (document.hidden) return;
    try {
      const response = await fetch(this.options.state, { headers: { Accept: "application/json" } });
      if (response.ok) this.snapshot.offer((await response.json()) as PublicSnapshot);
    } catch (error) {
      // The network is away: the next turn asks again.
      console.info("state.json could not be read", error);
    }
  }
}
