/** What officers see in the console: `hub/domain/snapshots/staff.py`. */

import type { PostHandView, StaffTopic } from "./discussion";
import type { PollFigures, PublicSnapshot, Timer } from "./meeting";
import type { ChatLine, Consent, HelpReason, Kind, OwnState, Part, RejectReason, SpeakerState } from "./own";

/** An e-mail to a resident, and what became of it. */
export interface MailView {
  kind: "registered" | "waiting_list" | "confirmed" | "declined" | "moved_up" | "withdrawn" | "reminder" | "link";
  state: "waiting" | "sent" | "given_up";
  sentence: string;
  at_ms: number;
}

export interface SpeakerRow {
  id: number;
  name: string;
  part?: Part;
  /** As what they speak. */
  capacity?: "resident" | "presenter" | "audience";
  state: SpeakerState;
  item_id: number | null;
  summary: string;
  kind?: Kind;
  /** "" where the committee's rules have no sides. */
  side?: "" | "for" | "against" | "neutral" | "applicant" | "parish" | "ward_member" | "mp";
  mode?: "" | "in_person" | "remote" | "phone" | "access_point";
  access_point?: string;
  consent?: Consent;
  written?: boolean;
  /** The statement or question in writing. */
  text?: string;
  access_needs?: string;
  spokesperson_for?: string;
  may_share?: boolean;
  late?: boolean;
  email: string;
  phone: string;
  place: number;
  /** Where officers put them. */
  rank?: number | null;
  seconds: number;
  timer: Timer | null;
  device_check: Record<string, unknown>;
  kept_until_ms?: number | null;
  device_checked_ms?: number | null;
  /** When they are to be on air: the countdown of who is called. */
  on_air_ms?: number | null;
  by_phone?: boolean;
  help_reason?: HelpReason;
  help_ms?: number | null;
  chat?: ChatLine[];
  /** How many lines no officer has read. */
  unread?: number;
  /** The newest last. */
  mails?: MailView[];
}

/** A question that is not public, as officers see it. */
export interface StaffQuestion {
  id: number;
  text: string;
  author: string;
  item_id: number | null;
  asked_ms: number;
  /** When its author last changed it. */
  edited_ms?: number | null;
  state?: OwnState;
  version?: number;
  /** Words of the council's list, and what may be personal details. */
  flags?: string[];
  rejected_for?: RejectReason | "";
  merged_into?: number | null;
  answer?: string;
}

/** Viewers who say that they cannot hear the meeting. */
export interface HearingView {
  people: number;
  since_ms: number;
  last_ms: number;
  seconds: number;
}

/** Somebody who may no longer ask or vote. */
export interface RemovalView {
  id: number;
  author: string;
  reason: string;
  by: string;
  at_ms: number;
}

/** An officer who looks at a question now. */
export interface HandView {
  question_id: number;
  staff_id: number;
  name: string;
  since_ms: number;
}

/** An officer. */
export interface ClerkView {
  staff_id: number;
  name: string;
}

export interface DutyView {
  officer: ClerkView | null;
  /** Whether they have the console open. */
  here: boolean;
  offered_to: ClerkView | null;
  note: string;
}

export interface AuditView {
  at_ms: number;
  who: string;
  action: string;
  subject: string;
  reason: string;
}

/** A note for the minutes. */
export interface NoteView {
  id: number;
  item_id: number | null;
  /** Programme time; null when it was written outside the meeting. */
  seconds: number | null;
  text: string;
  by: string;
  at_ms: number;
}

/** The last move of the agenda, while who made it can take it back. */
export interface UndoView {
  step: number;
  action: string;
  by: string;
  label: string;
  until_ms: number;
}

/** One line of the checklist before a meeting goes live. */
export interface CheckView {
  about: "studio" | "feed" | "sound" | "slate" | "disk" | "chair" | "clerk";
  check: "fine" | "look" | "missing";
  sentence: string;
}

/** No line is there any more once the meeting was live. */
export interface ChecklistView {
  lines: CheckView[];
}

/** A poll as officers see it, the figures always. */
export interface StaffPoll {
  id: number;
  text: string;
  kind: "single" | "multiple" | "scale";
  options: string[];
  state: "draft" | "open" | "closed";
  /** Whether the public see the figures. */
  shown: boolean;
  figures: PollFigures;
}

/** Somebody who watches a webinar and wants to speak. */
export interface RaisedHand {
  id: number;
  name: string;
  state: "raised" | "asked";
  raised_ms: number;
}

/** What those who watched thought of a webinar. */
export interface FeedbackView {
  people: number;
  /** Of ratings from 1 to 5. */
  counts: number[];
  mean: number | null;
  texts: string[];
}

/** A member's point of order, while it is being heard. */
export interface PointOfOrder {
  /** "" when the clerk did not say who raised it. */
  name: string;
  since_ms: number;
}

export interface StaffSnapshot {
  public: PublicSnapshot;
  /** Nothing of it is public. */
  rehearsal?: boolean;
  exclusion_item_id: number | null;
  /** The last day of the recording, as `2027-12-03`. */
  recording_until?: string | null;
  point_of_order?: PointOfOrder | null;
  speakers: SpeakerRow[];
  /** How many registered for a webinar. */
  attending?: number;
  /** Of a webinar that is over. */
  feedback?: FeedbackView | null;
  /** Who waits longest first. */
  raised?: RaisedHand[];
  pending: StaffQuestion[];
  rejected: StaffQuestion[];
  settled?: StaffQuestion[];
  hands?: HandView[];
  clerks?: ClerkView[];
  duty?: DutyView;
  polls?: StaffPoll[];
  removed?: RemovalView[];
  discussions?: StaffTopic[];
  post_hands?: PostHandView[];
  hearing?: HearingView | null;
  undo?: UndoView[];
  notes?: NoteView[];
  stream_keys: Record<string, string>;
  audit: AuditView[];
}
