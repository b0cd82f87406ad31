/**
 * The line to a WHEP endpoint: one session at a time, direct, or by the council's TURN servers where no direct path
 * gets through. Which servers there are is known from the answer to the direct try, so nobody waits to be told.
 */

import { signal } from "@preact/signals";
import { WhepError, WhepSession, type WhepWishes } from "./whep";

export type Begin = (url: string, wishes: WhepWishes) => WhepSession;

export class WhepLine {
  /** Called once when a session that worked stops working. */
  onLost: () => void = () => {};
  /** Called when nothing comes for the moment, and again when something does. */
  onSilence: (silent: boolean) => void = () => {};
  /** Whether the last try went by TURN. What has worked on this network is tried first the next time. */
  readonly relayed = signal(false);

  private session: WhepSession | null = null;
  private relays: readonly RTCIceServer[] = [];

  constructor(private readonly begin: Begin = (url, wishes) => new WhepSession(url, wishes)) {}

  /** Whether there is a session, or one on its way, or one that was lost and not yet closed. */
  get busy(): boolean {
    return this.session !== null;
  }

  /** Leave what there is and connect anew. Rejects with `WhepError`: "stopped" when it was closed meanwhile. */
  async open(url: string, wishes: WhepWishes = {}): Promise<MediaStream> {
    this.close();
    try {
      return await this.start(url, wishes);
    } catch (error) {
      if (!(error instanceof WhepError) || error.fault !== "no_path" || !this.relays.length) throw error;
      this.relayed.value = !this.relayed.value;
    }
    try {
      return await this.start(url, wishes);
    } catch (error) {
      // Neither way: the next try begins with the one that costs the council nothing.
      this.relayed.value = false;
      throw error;
    }
  }

  close(): void {
    const { session } = this;
    this.session = null;
    session?.stop();
  }

  private async start(url: string, wishes: WhepWishes): Promise<MediaStream> {
    const session = this.begin(url, { ...wishes, relays: this.relayed.value ? this.relays : [] });
    this.session = session;
    session.onLost = () => this.onLost();
    session.onSilence = (silent) => this.onSilence(silent);
    try {
      const stream = await session.start();
      if (session === this.session) return stream;
    } catch (error) {
      if (session === this.session) {
        this.session = null;
        throw error;
      }
    } finally {
      if (session.relays.length) this.relays = session.relays;
    }
    throw new WhepError("stopped", "stopped");
  }
}
