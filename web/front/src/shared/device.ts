/** The random name of this device (votes, own questions, a speaker's slot), and names for commands. */

const KEY = "moothall-device";
let held: string | null = null;

/** A random string of 32 hexadecimal digits. Works without a secure context. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The device's name: what the server put into the page, else what is stored, else a new one for as long as the page lives. */
export function deviceId(fromPage?: string): string {
  if (fromPage) return fromPage;
  const stored = read(KEY);
  if (stored) return stored;
  held ??= randomId();
  write(KEY, held);
  return held;
}

/** A stored text, or null; also null where storage is refused. */
export function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Store a text, or forget it with null. Tells whether it could. */
export function write(key: string, value: string | null): boolean {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
