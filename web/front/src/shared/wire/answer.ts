/** How a command is answered: `docs/protocol.md`. */

export interface WireError {
  code: string;
  message: string;
  field?: string | null;
  /** When it may be tried again. */
  seconds?: number;
}

export type Ack<T extends object = object> = ({ ok: true } & T) | { ok: false; error: WireError };
