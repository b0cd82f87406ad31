/** What a careful dialog confirms. */

import { useRef } from "preact/hooks";
import type { Desk } from "./desk";

/**
 * The state that one had before one when the dialog opened, and not what somebody made of it since. A refusal says
 * what that is, so the next press confirms it. `early`: the dialog was opened before the state that it is about is
 * here; after a cut the gate tells first.
 */
export function useConfirmed(desk: Desk, name: string, early = false): object {
  const seen = useRef(desk.meeting.peek().state_since_ms);
  const conflict = useRef(desk.conflict.peek());
  const outdated = useRef(early);
  if (desk.conflict.value !== conflict.current) {
    conflict.current = desk.conflict.value;
    outdated.current ||= conflict.current?.name === name;
  }
  const now = desk.meeting.value.state_since_ms;
  if (outdated.current && now !== seen.current) {
    seen.current = now;
    outdated.current = false;
  }
  return { confirmed: true, since: seen.current };
}
