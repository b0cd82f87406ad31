/** What a careful dialog confirms. */

import { useRef } from "preact/hooks";
import type { Desk } from "./desk";

/**
 * The state that one had before one when the dialog opened, and not what somebody made of it since. `cut`: the gate is
 * closed and the meeting is not yet, as for a moment after a cut, of which the gate tells first. Then the state that a
 * cut makes is meant, and no other: who makes it private meanwhile is not overruled.
 */
export function useConfirmed(desk: Desk, cut = false): object {
  const { state, state_since_ms } = desk.meeting.value;
  const since = useRef(state_since_ms);
  const awaited = useRef(cut);
  if (awaited.current && state !== "live") {
    if (state === "technical") since.current = state_since_ms;
    awaited.current = false;
  }
  return { confirmed: true, since: since.current };
}
