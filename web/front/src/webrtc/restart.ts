/**
 * ICE restart of a session (RFC 9725 section 4.3.3): both sides take new names, look for each other anew, and keep
 * keys and streams. So a viewer whose network changes loses only what was sent while there was none.
 */

const FRAGMENT = "application/trickle-ice-sdpfrag";
const NAMES = /^a=ice-(?:ufrag|pwd):/;
const CANDIDATES = /^a=(?:candidate:|end-of-candidates)/;

/** What became of it. Where nothing answers there is no network just now; a session that is gone stays so. */
export type Outcome = "agreed" | "unanswered" | "gone" | "refused";

export interface RestartParts {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** How long an answer is waited for. */
  answerMs: number;
}

/** Agree on another ICE session over the same connection, whose `answer` was the first. */
export async function restart(
  connection: RTCPeerConnection, session: string, answer: string, { fetch, answerMs }: RestartParts,
): Promise<Outcome> {
  connection.restartIce();
  await connection.setLocalDescription(await connection.createOffer());
  const request: RequestInit = {
    method: "PATCH",
    headers: { "Content-Type": FRAGMENT, "If-Match": "*" },
    body: fragmentOf(connection.localDescription?.sdp ?? ""),
    signal: AbortSignal.timeout(answerMs),
  };
  const response = await fetch(session, request).catch(() => null);
  if (!response) return "unanswered";
  if (response.status === 404) return "gone";
  if (response.status !== 200) return "refused";
  const fragment = await response.text();
  if (connection.signalingState !== "closed") {
    await connection.setRemoteDescription({ type: "answer", sdp: renamed(answer, fragment) });
  }
  return "agreed";
}

/** What a PATCH says of an offer: our names. Its first section stands for the whole bundle. */
export function fragmentOf(offer: string): string {
  const lines = offer.split(/\r?\n/);
  const [first, second] = lines.flatMap((line, at) => (line.startsWith("m=") ? [at] : []));
  const group = lines.slice(0, first).filter((line) => line.startsWith("a=group:BUNDLE"));
  const section = lines.slice(first, second).filter((line) => /^(?:m=|a=mid:)/.test(line) || NAMES.test(line));
  return [...group, ...section, ""].join("\r\n");
}

/** The answer with the names and candidates of a fragment. */
export function renamed(answer: string, fragment: string): string {
  const said = fragment.split(/\r?\n/);
  const names = said.filter((line) => NAMES.test(line));
  const candidates = said.filter((line) => CANDIDATES.test(line));
  const kept = answer.split(/\r?\n/).filter((line) => !CANDIDATES.test(line) && !line.startsWith("a=ice-pwd:"));
  return kept.flatMap((line) => (line.startsWith("a=ice-ufrag:") ? [...names, ...candidates] : [line])).join("\r\n");
}
