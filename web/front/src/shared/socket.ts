/** One Socket.IO namespace, with acknowledged and repeated commands. */

import { signal, type ReadonlySignal } from "@preact/signals";
import { io, type Socket } from "socket.io-client";
import type { Ack, WireError } from "./wire";
import { randomId } from "./device";
import { said, t } from "./i18n";

/** What a connection needs of a socket; a test gives its own. */
export interface Wire {
  readonly connected: boolean;
  on(event: string, listener: (...args: never[]) => void): unknown;
  emit(event: string, payload: object, ack: (answer: unknown) => void): unknown;
  connect(): unknown;
  disconnect(): unknown;
}

export interface Refusal {
  code: string;
  message: string;
}

export function openSocket(namespace: string, path: string, auth: object): Wire {
  const socket: Socket = io(namespace, {
    path, auth,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    randomizationFactor: 0.5,
    timeout: 8000,
    autoConnect: false,
  });
  return socket as unknown as Wire;
}

const LOST: WireError = { code: "no_answer", message: "" };

export class Connection {
  private readonly online = signal(false);
  private readonly refusal = signal<Refusal | null>(null);
  private waiting = new Set<() => void>();

  constructor(private readonly wire: Wire, private readonly patienceMs = 5000) {
    wire.on("connect", () => {
      this.online.value = true;
      this.refusal.value = null;
      for (const wake of [...this.waiting]) wake();
    });
    wire.on("disconnect", () => (this.online.value = false));
    wire.on("connect_error", (error: Error & { data?: Partial<Refusal> }) => {
      this.online.value = false;
      if (error.data?.code) this.refusal.value = { code: error.data.code, message: error.data.message ?? error.message };
    });
  }

  get connected(): ReadonlySignal<boolean> {
    return this.online;
  }

  /** The server's reason for not letting us in, when it gave one. */
  get refused(): ReadonlySignal<Refusal | null> {
    return this.refusal;
  }

  open(): void {
    this.wire.connect();
  }

  close(): void {
    this.wire.disconnect();
  }

  on<T>(event: string, listener: (payload: T) => void): void {
    this.wire.on(event, listener as (...args: never[]) => void);
  }

  /** Send once and wait for the acknowledgement. Never throws: no answer is an answer with the code `no_answer`. */
  ask<T extends object = object>(event: string, payload: object): Promise<Ack<T>> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve({ ok: false, error: { ...LOST, message: noAnswer() } }), this.patienceMs);
      this.wire.emit(event, payload, (answer) => {
        clearTimeout(timer);
        const told = answer as Ack<T>;
        resolve(told.ok ? told : { ok: false, error: { ...told.error, message: said(told.error.message) ?? told.error.message } });
      });
    });
  }

  /**
   * Send a command under one `client_id` until it is answered, at most `tries` times: the server carries it out once
   * however often it comes.
   */
  async command<T extends object = object>(event: string, payload: object, tries = 2, id = randomId()): Promise<Ack<T>> {
    let answer: Ack<T> = { ok: false, error: { ...LOST, message: noAnswer() } };
    for (let left = tries; left > 0; left -= 1) {
      if (!this.wire.connected && !(await this.reconnected())) continue;
      answer = await this.ask<T>(event, { client_id: id, ...payload });
      if (answer.ok || answer.error.code !== "no_answer") return answer;
    }
    return answer;
  }

  /** Wait for the socket to come back; false when it does not in time. */
  private reconnected(): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (back: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(wake);
        resolve(back);
      };
      const wake = (): void => done(true);
      const timer = setTimeout(() => done(false), this.patienceMs);
      this.waiting.add(wake);
    });
  }
}

function noAnswer(): string {
  return t("There was no answer from the meeting server. Check the connection and try again.");
}
