/** The shapes of `hub/domain/snapshots.py`, `media/control/` and `docs/protocol.md`, as they come over the wire. */

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
  state: "not_started" | "now" | "done";
  restricted: boolean;
  heading: boolean;
  public_can_speak: boolean;
  /** Whether questions on it are taken, while the meeting takes any. */
  questions_open?: boolean;
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

export interface PublicSnapshot {
  ref: string;
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
}

export type OwnState = "pending" | "approved" | "merged" | "rejected" | "withdrawn" | "answering" | "answered" | "replied";

export type RejectReason = "off_topic" | "personal" | "abusive" | "answered" | "no_question" | "other";

export interface OwnQuestion {
  id: number;
  text: string;
  state: OwnState;
  rejected_for?: RejectReason | "";
  answered_how?: AnswerKind;
  answer?: string;
  answered_seconds?: number | null;
  /** The public question that this one was put together with. */
  into?: QuestionView | null;
  may_withdraw?: boolean;
}

export type SpeakerState =
  | "submitted" | "confirmed" | "waiting_list" | "declined" | "checked_in" | "called" | "on_air"
  | "done" | "no_show" | "withdrawn" | "revoked";

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
  has_moment?: boolean;
}

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
  seconds: number;
  timer: Timer | null;
  device_check: Record<string, unknown>;
  kept_until_ms?: number | null;
  device_checked_ms?: number | null;
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

export interface AuditView {
  at_ms: number;
  who: string;
  action: string;
  subject: string;
  reason: string;
}

/** The last move of the agenda, while who made it can take it back. */
export interface UndoView {
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

export interface StaffSnapshot {
  public: PublicSnapshot;
  exclusion_item_id: number | null;
  speakers: SpeakerRow[];
  pending: StaffQuestion[];
  rejected: StaffQuestion[];
  settled?: StaffQuestion[];
  hands?: HandView[];
  removed?: RemovalView[];
  hearing?: HearingView | null;
  undo?: UndoView | null;
  stream_keys: Record<string, string>;
  audit: AuditView[];
}

export type GateState = "waiting" | "open" | "private" | "adjourned" | "technical" | "ended";

export interface FeedStatus {
  source: string;
  kind: "test" | "whip" | "rtmp" | "srt" | "file" | "speaker" | "interpreter" | "signer" | "presenter" | "pages";
  label: string;
  state: "connecting" | "live" | "stalled" | "gone" | "refused";
  sentence: string;
  width: number;
  height: number;
  frames_per_second: number;
  sound: boolean;
  level_dbfs: number;
}

export type LayoutName = "chamber" | "speaker" | "chamber_with_speaker" | "side_by_side" | "presentation" | "grid" | "slate";

export interface PageStatus {
  title: string;
  page: number;
  pages: number;
}

export interface StudioStatus {
  meeting: string;
  session: number;
  epoch_ms: number;
  gate: {
    state: GateState; slate: { title: string; lines: string[] }; since_ms: number; changes: number;
    delay_seconds?: number; held_until_ms?: number;
  };
  layout: string;
  override: LayoutName | null;
  on_air: string[];
  captions_visible: boolean;
  captions: Record<string, string>;
  feeds: FeedStatus[];
  /** The page of the PDF that is shown as the presentation. */
  page?: PageStatus | null;
  programme_dbfs: number;
  alarms?: string[];
  languages?: string[];
  /** Speakers who take part in the private session, and those of them who only hear it. */
  admitted?: string[];
  without_private_picture?: string[];
  /** Whether private sessions are recorded, sealed, for the council. */
  seals_private?: boolean;
  /** A sentence, while the private session is recorded for the council. */
  private_recording?: string;
  pictures: number;
  late_ticks: number;
}

export interface Level {
  rms: number;
  peak: number;
}

/** Ten times a second: dB below full scale over the last tenth. */
export interface Levels {
  seconds: number;
  sources: (Level & { source: string; gain: number })[];
  programme: Level;
  interpreted: Level | null;
}

export interface RecorderStatus {
  files: string[];
  bytes: number;
  first_seconds: number;
  last_seconds: number;
  healthy: boolean;
  sentence: string;
}

export interface EngineSnapshot {
  studio: StudioStatus | null;
  recorder: RecorderStatus | null;
  viewers: number;
  alarms: string[];
  refusals: string[];
  /** The PDF that was uploaded last. */
  document?: { title: string; pages: number } | null;
}

export interface WireError {
  code: string;
  message: string;
  field?: string | null;
  /** When it may be tried again. */
  seconds?: number;
}

export type Ack<T extends object = object> = ({ ok: true } & T) | { ok: false; error: WireError };
