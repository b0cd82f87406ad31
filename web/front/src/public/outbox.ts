/** A question on its way: kept until the server has acknowledged it, also over a reload. */

import { read, write } from "../shared/device";

export interface Draft {
  client_id: string;
  text: string;
  author: string;
  item_id: number | null;
}

export class Outbox {
  constructor(private readonly ref: string) {}

  private get key(): string {
    return `moothall-question-${this.ref}`;
  }

  get waiting(): Draft | null {
    const stored = read(this.key);
    if (!stored) return null;
    try {
      return JSON.parse(stored) as Draft;
    } catch {
      return null;
    }
  }

  keep(draft: Draft): void {
    write(this.key, JSON.stringify(draft));
  }

  clear(): void {
    write(this.key, null);
  }
}
