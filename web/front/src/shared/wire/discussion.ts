/** Discussions before a meeting, as officers see them: `hub/domain/snapshots/discussion.py`. */

export type PostReason = "off_topic" | "personal" | "abusive" | "repeated" | "other";

export interface PostView {
  id: number;
  name: string;
  text: string;
  sent_ms: number;
}

export interface TopicView {
  id: number;
  item_id: number;
  title: string;
  introduction: string;
  state: "open" | "closed" | "summarised";
  closes_ms: number;
  summary: string;
  posts: PostView[];
}

export interface StaffPost {
  id: number;
  name: string;
  text: string;
  email: string;
  state: "unconfirmed" | "pending" | "approved" | "merged" | "rejected";
  version: number;
  flags: string[];
  rejected_for: PostReason | "";
  merged_into: number | null;
  sent_ms: number;
  /** What became of the e-mail to confirm with. */
  mail: "" | "waiting" | "sent" | "given_up";
  mail_sentence: string;
}

export interface PostHandView {
  post_id: number;
  staff_id: number;
  name: string;
  since_ms: number;
}

export interface StaffTopic {
  topic: TopicView;
  opened_by: string;
  posts: StaffPost[];
}
