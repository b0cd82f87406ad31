/** What everybody may see of a meeting: `hub/domain/snapshots/public.py`. */

export type MeetingState =
  | "scheduled" | "pre_show" | "live" | "adjourned" | "private" | "suspended" | "technical"
  | "ended" | "published" | "withheld" | "expired";

export interface Notice {
  title: string;
  lines: string[];
  expected_back_ms: number | null;
}

export interface ItemView {
  id: number;
  number: string;
  title: string;
  state: "not_started" | "now" | "done" | "deferred" | "put_off";
  restricted: boolean;
  heading: boolean;
  public_can_speak: boolean;
  /** Whether questions on it are taken, while the meeting takes any. */
  questions_open?: boolean;
  /** Urgent business: an officer added it while the meeting ran. */
  added?: boolean;
  /** Of one that is put off: the day of the other meeting, `2026-12-03`. */
  put_off_to?: string | null;
  /** How long officers expect it to take. */
  minutes?: number | null;
  /** When it is expected to begin if nothing is late: `expectedAt` adds that. */
  expected_ms?: number | null;
  /** Programme time at which it last became current. */
  seconds: number | null;
  url: string;
}

export interface IndexView {
  seconds: number;
  kind: string;
  label: string;
  item_id: number | null;
  question_id: number | null;
}

export interface Timer {
  ends_ms: number;
  seconds: number;
  /** It stands still, with so much left; `ends_ms` says nothing then. */
  left_ms?: number | null;
}

export interface SpeakerOnAir {
  name: string;
  item_id: number | null;
  timer: Timer | null;
}

export interface QuestionView {
  id: number;
  text: string;
  author: string;
  item_id: number | null;
  state: "approved" | "answering" | "answered";
  votes: number;
  version?: number;
  answered_how?: AnswerKind;
  /** The written answer for everybody. */
  answer?: string;
  answered_seconds: number | null;
}

/** `private`: in writing, to who asked. */
export type AnswerKind = "" | "spoken" | "written" | "private";

export type Said = "for" | "against" | "abstain";

/** What the members decided on an item. */
export interface ResultView {
  id: number;
  item_id: number;
  motion: string;
  outcome: "carried" | "lost";
  votes_for: number;
  votes_against: number;
  abstained: number;
  /** When it was recorded by name. */
  names: Record<string, Said>;
  seconds: number | null;
}

export interface PollFigures {
  /** Who answered. */
  people: number;
  /** For each option. */
  counts: number[];
  /** Of a scale. */
  mean: number | null;
}

export interface PollView {
  id: number;
  text: string;
  kind: "single" | "multiple" | "scale";
  /** A choice is the number of its option, from 1. */
  options: string[];
  state: "open" | "closed";
  /** Null, while officers do not show them. */
  figures: PollFigures | null;
}

export interface PublicSnapshot {
  ref: string;
  kind?: "meeting" | "webinar";
  version: number;
  server_ms: number;
  title: string;
  state: MeetingState;
  state_since_ms: number | null;
  starts_ms: number;
  live_ms: number | null;
  ended_ms: number | null;
  /** Unix milliseconds of programme time zero. */
  epoch_ms: number | null;
  /** When agenda, papers and minutes were read from the agenda system. */
  imported_ms: number | null;
  notice: Notice | null;
  now_item_id: number | null;
  agenda: ItemView[];
  index: IndexView[];
  /** The last who was admitted of those in `on_air`. */
  speaker: SpeakerOnAir | null;
  on_air?: SpeakerOnAir[];
  /** Who is to be seen in the chamber, when the clerk says so. */
  chamber?: string;
  speakers_waiting: number;
  questions_open: boolean;
  /** An officer reads a question before others do. */
  questions_moderated?: boolean;
  /** Nobody asks or votes for the moment. */
  questions_frozen?: boolean;
  questions: QuestionView[];
  results?: ResultView[];
  polls?: PollView[];
}
