/** Waiting times between tries: doubling, bounded, and spread so that a thousand viewers do not come back at once. */
export class Backoff {
  private tries = 0;

  constructor(
    private readonly firstMs = 500,
    private readonly longestMs = 10_000,
    private readonly random: () => number = Math.random,
  ) {}

  get count(): number {
    return this.tries;
  }

  next(): number {
    const wait = Math.min(this.firstMs * 2 ** this.tries, this.longestMs);
    this.tries += 1;
    return wait * (0.75 + this.random() / 2);
  }

  reset(): void {
    this.tries = 0;
  }
}
