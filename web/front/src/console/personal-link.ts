/** Where somebody takes part. */

export function address(token: string): string {
  return new URL(`/speak/${token}`, location.href).href;
}

/** Where the code of a link is entered, as one says it. */
export function codePage(): string {
  return `${location.host}/code`;
}
