/** Everything the console knows and does; the panels only show it. */

import { computed, signal, type Signal } from "@preact/signals";
import { announce } from "../shared/announcer";
import { ServerClock } from "../shared/clock";
import { randomId } from "../shared/device";
import { t } from "../shared/i18n";
import type { PageData } from "../shared/page";
import { Connection, openSocket, type Wire } from "../shared/socket";
import { Newest } from "../shared/versioned";
import type { Ack, ChecklistView, CheckView, EngineSnapshot, Levels, StaffSnapshot } from "../shared/wire";
import { Aim } from "./steady";

export interface ConsolePage extends PageData {
  ref: string;
  snapshot: StaffSnapshot;
  engine: EngineSnapshot | null;
  me: { id: number; name: string; role: string };
  /** The interpreted language by its own name. */
  interpreted?: string | null;
  /** Members and officers who are expected, by name. */
  expected?: string[];
  /** Whether e-mails can be sent from here. */
  mails?: boolean;
  urls: {
    whep: string; hls: string; picture: string; meeting: string; display: string; chair: string; whip: string; captions: string; rtmp: string; srt: string; register: string;
  };
}

/** The staff snapshot carries its version inside its public part. */
interface Held {
  version: number;
  server_ms: number;
  staff: StaffSnapshot;
}

export type DialogName = "private" | "return" | "adjourn" | "technical" | "live" | "end" | "reject" | "merge" | "answer" | "remove" | "result" | "order" | "point" | "questions" | "feeds" | "feed" | "note" | "help" | "link" | "speaker" | "invite" | "approve" | "confirm" | "discussions" | "withhold" | "publish" | "keep" | "duty" | "polls";

export interface OpenDialog {
  name: DialogName;
  id?: number;
  text?: string;
}

const hold = (staff: StaffSnapshot): Held => ({ version: staff.public.version, server_ms: staff.public.server_ms, staff });

export class Desk {
  readonly clock = new ServerClock();
  readonly connection: Connection;
  /** Why the last press was refused. What the public see now is said beside it, and not what they saw then. */
  readonly trouble = signal<string | null>(null);
  /** Whether the last refusal was that somebody else had been quicker. */
  conflicted = false;
  /** What the server added to a command that it carried out. */
  readonly notice = signal<string | null>(null);
  readonly dialog = signal<OpenDialog | null>(null);
  readonly engine = signal<EngineSnapshot | null>(null);
  /** Ten times a second; only the meters read it. */
  readonly levels = signal<Levels | null>(null);
  /** How the meeting stands before it goes live; nothing once it did. */
  readonly checks = signal<readonly CheckView[]>([]);
  readonly selected = signal<number | null>(null);
  readonly cutAsked = signal(false);
  readonly flying = signal<ReadonlySet<string>>(new Set());
  readonly begun = signal(false);
  private readonly drafts = new Map<string, Signal<string>>();
  /** What the keys for speakers and for questions act on. */
  readonly aims = { speaker: new Aim(), question: new Aim() };
  private readonly newest: Newest<Held>;

  readonly staff = computed(() => this.newest.value.staff);
  readonly meeting = computed(() => this.staff.value.public);

  constructor(readonly page: ConsolePage, wire: Wire = openSocket("/console", page.socket, { meeting: page.ref })) {
    this.engine.value = page.engine;
    this.newest = new Newest(hold(page.snapshot), (ms) => this.clock.heard(ms));
    this.connection = new Connection(wire, 3000);
    this.connection.on<StaffSnapshot>("state", (next) => this.newest.offer(hold(next)));
    this.connection.on<EngineSnapshot>("engine", (next) => (this.engine.value = next));
    this.connection.on<ChecklistView>("checklist", (next) => (this.checks.value = next.lines));
    this.connection.on<Levels>("levels", (next) => (this.levels.value = next));
    this.connection.connected.subscribe((online) => {
      if (online) this.begun.value = true;
    });
    // To open a dialog is a new press: a refusal from before is none of the dialog's.
    this.dialog.subscribe((open) => {
      if (open) this.trouble.value = null;
    });
    this.connection.open();
  }

  isFlying(key: string): boolean {
    return this.flying.value.has(key);
  }

  /** Carry out a command. Tells whether it was done; what went wrong stands in `trouble`. */
  async run<T extends object = object>(name: string, payload: object = {}, key = keyOf(name, payload)): Promise<(Ack<T> & { ok: true }) | null> {
    if (this.flying.peek().has(key)) return null;
    // A new press clears what went wrong before; what is answered later must not clear what went wrong since.
    this.trouble.value = null;
    this.conflicted = false;
    this.flying.value = new Set([...this.flying.peek(), key]);
    const id = randomId();
    let answer: Ack<T> = await this.connection.command<T>(name, payload, 1, id);
    if (!answer.ok && answer.error.code === "no_answer") answer = await this.byHttp<T>(name, { client_id: id, ...payload });
    this.flying.value = new Set([...this.flying.peek()].filter((other) => other !== key));
    if (answer.ok) return answer;
    this.fail(answer.error.code, answer.error.message);
    return null;
  }

  /** The emergency cut: nothing to confirm, and both ways at once when the socket is not there. */
  async cut(): Promise<void> {
    this.cutAsked.value = false;
    this.dialog.value = null;
    if (await this.run("gate.cut")) announce(t("Cut. The public see the slate and hear nothing."));
  }

  note(words: string): void {
    this.notice.value = words;
  }

  /** Whether a key may act on this now; says why when it may not. */
  aimed(at: "speaker" | "question", id: number | string): boolean {
    if (this.aims[at].fires(id)) return true;
    this.note(t("That became another one just now. Nothing was done: look, and press again."));
    return false;
  }

  /** What an officer is writing. It outlives its dialog: Escape closes that, and is the key for the cut. */
  draft(name: string): Signal<string> {
    const held = this.drafts.get(name) ?? signal("");
    this.drafts.set(name, held);
    return held;
  }

  close(): void {
    this.dialog.value = null;
  }

  private fail(code: string, message: string): void {
    this.conflicted = code === "conflict";
    this.trouble.value = this.conflicted
      ? t("Somebody else was quicker: {message} Look at the agenda and press again if it is still right.", { message })
      : message || t("The command did not arrive.");
  }

  private async byHttp<T extends object>(name: string, body: object): Promise<Ack<T>> {
    const url = `/api/v1/meetings/${encodeURIComponent(this.page.ref)}/commands/${name}`;
    try {
      const response = await fetch(url, {
        method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body),
      });
      const answer = (await response.json()) as object;
      if (response.ok) return { ...(answer as T), ok: true };
      const problem = answer as { code?: string; detail?: string; title?: string };
      return { ok: false, error: { code: problem.code ?? "refused", message: problem.detail ?? problem.title ?? "" } };
    } catch (error) {
      console.error(error);
      return { ok: false, error: { code: "no_answer", message: t("There was no answer from the meeting server. It is not certain whether the command was carried out.") } };
    }
  }
}

/** One button is one key: two rows may be worked at once, one button not twice. */
export function keyOf(name: string, payload: object): string {
  const { registration_id: registration, question_id: question, item_id: item, result_id: result, poll_id: poll, hand_id: hand, post_id: post, topic_id: topic, office } = payload as Record<string, unknown>;
  return [name, registration ?? question ?? result ?? poll ?? hand ?? item ?? post ?? topic ?? office].filter((part) => part !== undefined).join(":");
}
