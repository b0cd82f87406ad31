/** What the page does for somebody who needs an officer: words, a call, and telling that nothing gets through. */

import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { announce } from "../shared/announcer";
import { t } from "../shared/i18n";
import type { Connection } from "../shared/socket";
import type { SpeakerSnapshot } from "../shared/wire";
import { chime } from "./sound";

export class Help {
  readonly busy = signal(false);
  readonly failure = signal<string | null>(null);
  /** What is being written. It stays when it could not be sent. */
  readonly draft = signal("");
  readonly phone = signal("");
  private heard: number;

  constructor(private readonly connection: Connection, private readonly snapshot: ReadonlySignal<SpeakerSnapshot>) {
    this.heard = newest(snapshot.peek());
    effect(() => this.listen(this.snapshot.value));
  }

  async say(): Promise<void> {
    const text = this.draft.peek().trim();
    if (text && (await this.send("chat.say", { text }))) this.draft.value = "";
  }

  /** Call an officer; `connection` is said by the page itself. */
  async ask(reason: "help" | "connection"): Promise<void> {
    await this.send("speaker.ask_for_help", { reason, phone: this.phone.peek().trim() });
  }

  async noNeed(): Promise<void> {
    await this.send("speaker.need_no_help", {});
  }

  private async send(name: string, payload: object): Promise<boolean> {
    this.busy.value = true;
    this.failure.value = null;
    const answer = await this.connection.command(name, payload);
    this.busy.value = false;
    if (!answer.ok) this.failure.value = answer.error.message;
    return answer.ok;
  }

  /** An officer's words are said aloud; on air they make no sound, since the microphone is open. */
  private listen(snapshot: SpeakerSnapshot): void {
    const last = newest(snapshot);
    if (last <= this.heard) return;
    this.heard = last;
    const line = snapshot.chat?.find((one) => one.id === last);
    if (!line) return;
    if (snapshot.state !== "on_air") chime();
    announce(t("Message from {name}: {text}", { name: line.officer, text: line.text }));
  }
}

function newest(snapshot: SpeakerSnapshot): number {
  return Math.max(0, ...(snapshot.chat ?? []).filter((line) => line.officer).map((line) => line.id));
}
