/** Where somebody takes part. */

export function address(token: string): string {
  return new URL(`/speak/${token}`, location.href).href;
}
