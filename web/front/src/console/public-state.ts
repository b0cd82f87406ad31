/** What the public have, in one word, one colour and one sentence. The gate's own word counts more than the database's. */

import { t } from "../shared/i18n";
import type { EngineSnapshot, MeetingState, PublicSnapshot } from "../shared/wire";

export type PublicWord = "OFF" | "SLATE" | "LIVE" | "PRIVATE";

const RUNNING: readonly MeetingState[] = ["pre_show", "live", "adjourned", "private", "suspended", "technical"];

export function isRunning(state: MeetingState): boolean {
  return RUNNING.includes(state);
}

const OVER: readonly MeetingState[] = ["ended", "published", "withheld", "expired"];

export function isOver(state: MeetingState): boolean {
  return OVER.includes(state);
}

export function publicWord(meeting: PublicSnapshot, engine: EngineSnapshot | null): PublicWord {
  if (!isRunning(meeting.state)) return "OFF";
  if (meeting.state === "private") return "PRIVATE";
  const gate = engine?.studio?.gate.state;
  if (gate === undefined) return "OFF";
  if (gate === "private") return "PRIVATE";
  return gate === "open" ? "LIVE" : "SLATE";
}

export function wordText(word: PublicWord, rehearsal = false): string {
  if (rehearsal) return t("REHEARSAL");
  switch (word) {
    case "OFF": return t("OFF");
    case "SLATE": return t("SLATE");
    case "LIVE": return t("LIVE");
    case "PRIVATE": return t("PRIVATE");
  }
}

/** Of a rehearsal: how the gate stands, and that it matters to nobody. */
export function publicSees(meeting: PublicSnapshot, engine: EngineSnapshot | null, rehearsal = false): string {
  if (rehearsal) return t("Nothing is public. In a meeting it would be: {word}.", { word: wordText(publicWord(meeting, engine)) });
  if (!isRunning(meeting.state)) return withoutProgramme(meeting.state);
  const word = publicWord(meeting, engine);
  if (word === "OFF") return t("The studio does not answer. The public see its last picture or none, and are being reconnected.");
  if (word === "LIVE") return t("The public see and hear the room.");
  const title = engine?.studio?.gate.slate.title || meeting.notice?.title || "";
  if (word === "PRIVATE") return t("The public are excluded: they see the slate “{title}” and hear nothing.", { title });
  return t("The public see the slate “{title}” and hear nothing.", { title });
}

function withoutProgramme(state: MeetingState): string {
  switch (state) {
    case "published": return t("The public can watch the recording.");
    case "withheld": return t("The recording is withheld from the public.");
    case "expired": return t("The recording has been deleted. The public see the page and the agenda.");
    default: return t("The public see no programme.");
  }
}

/** The database and the gate should agree; when they do not, the clerk must know. */
export function disagreement(meeting: PublicSnapshot, engine: EngineSnapshot | null): string | null {
  const gate = engine?.studio?.gate.state;
  if (gate === undefined || !isRunning(meeting.state)) return null;
  if (meeting.state === "live" && gate !== "open") return t("The meeting is live, but the gate is closed: the public see the slate. Press Return to public when it is right.");
  if (meeting.state !== "live" && gate === "open") return t("The gate is open although the meeting is not live. Press CUT.");
  return null;
}
