/** What somebody may see because it is theirs: `hub/domain/snapshots/own.py`. */

import type { AnswerKind, ItemView, MeetingState, QuestionView, SpeakerOnAir, Timer } from "./meeting";

export type OwnState = "pending" | "approved" | "merged" | "rejected" | "withdrawn" | "answering" | "answered" | "replied";

export type RejectReason = "off_topic" | "personal" | "abusive" | "answered" | "no_question" | "other";

export interface OwnQuestion {
  id: number;
  text: string;
  author?: string;
  state: OwnState;
  rejected_for?: RejectReason | "";
  answered_how?: AnswerKind;
  answer?: string;
  answered_seconds?: number | null;
  /** The public question that this one was put together with. */
  into?: QuestionView | null;
  may_withdraw?: boolean;
  /** Whether its words may still be changed. */
  may_edit?: boolean;
}

/** A raised hand as who raised it sees it. */
export interface OwnHand {
  id: number;
  name: string;
  state: "raised" | "asked" | "accepted" | "declined" | "lowered" | "dismissed";
  /** Of the personal link that came of it, while that works. */
  token: string | null;
}

export type SpeakerState =
  | "submitted" | "confirmed" | "waiting_list" | "declined" | "checked_in" | "called" | "on_air"
  | "done" | "no_show" | "withdrawn" | "revoked" | "removed";

/** What the holder of a personal link does in the meeting. */
export type Part = "speaker" | "interpreter" | "signer" | "presenter";

export type Kind = "speak" | "question" | "statement" | "video";

/** How somebody agreed to be broadcast; "" when they were not asked. */
export type Consent = "" | "picture_and_sound" | "sound_only" | "read_out";

/** A line between a resident and the officers. */
export interface ChatLine {
  id: number;
  /** Who wrote it; "" for the resident. */
  officer: string;
  text: string;
  at_ms: number;
}

export type HelpReason = "" | "help" | "connection";

export interface SpeakerSnapshot {
  version: number;
  server_ms: number;
  registration_id: number;
  name: string;
  part?: Part;
  state: SpeakerState;
  meeting_ref: string;
  meeting_title: string;
  meeting_state: MeetingState;
  /** Nobody but the officers sees or hears anything of it. */
  rehearsal?: boolean;
  starts_ms: number;
  item: ItemView | null;
  now_item: ItemView | null;
  position: number | null;
  seconds: number;
  timer: Timer | null;
  kind?: Kind;
  consent?: Consent;
  /** An officer reads it out: nothing is sent from the page. */
  written?: boolean;
  /** It came after the deadline, and the chair decides. */
  late?: boolean;
  device_is_current: boolean;
  /** The connection is lost, and the place is kept until then. */
  kept_until_ms?: number | null;
  /** When an officer means to bring them on air, while they are called. */
  on_air_ms?: number | null;
  /** Who speaks before them, while they are called. */
  ahead?: SpeakerOnAir | null;
  device_check?: Record<string, unknown>;
  device_checked_ms?: number | null;
  /** On the telephone: nothing is sent from the page. */
  by_phone?: boolean;
  /** Where an officer calls them. */
  phone?: string;
  help_reason?: HelpReason;
  chat?: ChatLine[];
  /** Whether they were on air. */
  /** Why an officer took them out of the meeting. */
  removed_for?: string;
  has_moment?: boolean;
}
