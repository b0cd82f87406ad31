/** What the media processes report: `media/control/`. */

export type GateState = "waiting" | "open" | "private" | "adjourned" | "technical" | "ended";

/** What is wrong now: `media/control/alarm.py`. */
export interface Alarm {
  code:
    | "studio_away" | "hls_away" | "recorder_away" | "relay_away" | "ingest_away" | "no_relay" | "redis_away"
    | "hls_stands_still" | "feed_stalled" | "feed_refused" | "key_pictures_rare" | "technical" | "not_recorded" | "too_busy" | "disk_low" | "silent" | "distorted" | "one_channel";
  sentence: string;
  /** Which source it is about, if it is about one. */
  source: string;
}

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
  /** That arrived in the last five seconds; 0 for what comes by no network. */
  kilobits_per_second?: number;
  /** Of packets, in the same time; null where that cannot be known. */
  lost_percent?: number | null;
  /** How long ago the last key picture came; null for what is not encoded. */
  key_picture_seconds?: number | null;
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
  alarms?: Alarm[];
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

export interface PackagerStatus {
  segments: number;
  last_seconds: number;
  /** Since the newest part was out. */
  age_seconds?: number | null;
}

export interface EngineSnapshot {
  studio: StudioStatus | null;
  recorder: RecorderStatus | null;
  viewers: number;
  alarms: Alarm[];
  refusals: string[];
  /** The live edge of LL-HLS. */
  packager?: PackagerStatus | null;
  /** How much recording still fits on the disk. */
  disk_hours?: number | null;
  /** The PDF that was uploaded last. */
  document?: { title: string; pages: number } | null;
}
