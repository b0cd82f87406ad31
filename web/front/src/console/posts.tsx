/** The posts of a discussion, and what officers decide about them. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { tick } from "../shared/clock";
import { shortDay, timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { PostReason, PostView, StaffPost, StaffTopic } from "../shared/wire";
import type { Desk } from "./desk";
import { CommandButton, PressButton } from "./parts";

/** After that, somebody only forgot to look elsewhere. */
const STALE_MS = 120_000;
const REASONS: PostReason[] = ["off_topic", "personal", "abusive", "repeated", "other"];

export function postReasonWord(reason: PostReason): string {
  switch (reason) {
    case "off_topic": return t("Not about this discussion");
    case "personal": return t("Names or describes a private person");
    case "abusive": return t("Abusive");
    case "repeated": return t("Said already");
    case "other": return t("Another reason");
  }
}

/** What a command about a post says of it: also which version of it was on the screen. */
export function aboutPost(post: StaffPost): { post_id: number; seen: number } {
  return { post_id: post.id, seen: post.version };
}

/** Tell the others which post one is at. */
export function keepPostHand(desk: Desk, id: number | null): void {
  void desk.connection.command("post.look", { post_id: id });
}

interface PostsProps {
  desk: Desk;
  staff: StaffTopic;
  onCopy: (post: StaffPost) => void;
}

export function Posts({ desk, staff, onCopy }: PostsProps): JSX.Element {
  const order = ["pending", "unconfirmed", "approved", "merged", "rejected"];
  const posts = [...staff.posts].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.id - b.id);
  if (!posts.length) return <p class="mc-none">{t("Nobody has written yet.")}</p>;
  return (
    <ul class="mc-rows mc-posts" aria-label={t("Posts")}>
      {posts.map((post) => <Row key={post.id} desk={desk} post={post} published={staff.topic.posts} onCopy={onCopy} />)}
    </ul>
  );
}

interface RowProps {
  desk: Desk;
  post: StaffPost;
  published: PostView[];
  onCopy: (post: StaffPost) => void;
}

function Row({ desk, post, published, onCopy }: RowProps): JSX.Element {
  const decide = useSignal<"" | "reject" | "merge">("");
  return (
    <li class="mc-question" data-state={post.state} onFocusIn={() => keepPostHand(desk, post.id)}>
      <p>{post.text}</p>
      <span class="mc-row__about">{post.name}{post.email && ` · ${post.email}`} · {shortDay(post.sent_ms)}, {timeOfDay(post.sent_ms)}</span>
      {post.flags.length > 0 && <span class="mc-flags">{t("Look closely: {flags}", { flags: post.flags.join(", ") })}</span>}
      <Hands desk={desk} post={post.id} />
      <div class="mc-row__do">
        <span class="mc-row__about">{stateWord(post)}</span>
        {post.state === "unconfirmed" && <PressButton onClick={() => onCopy(post)}>{t("Show the link")}</PressButton>}
        {post.state === "unconfirmed" && desk.page.mails && <CommandButton desk={desk} name="post.send_link" payload={aboutPost(post)}>{t("Send the link again")}</CommandButton>}
        {(post.state === "pending" || post.state === "rejected") && <CommandButton desk={desk} name="post.approve" payload={aboutPost(post)} tone="primary">{t("Approve")}</CommandButton>}
        {(post.state === "pending" || post.state === "approved") && <PressButton onClick={() => (decide.value = decide.value === "reject" ? "" : "reject")}>{t("Reject")}</PressButton>}
        {post.state === "pending" && published.length > 0 && <PressButton onClick={() => (decide.value = decide.value === "merge" ? "" : "merge")}>{t("Merge")}</PressButton>}
        {["approved", "rejected", "merged"].includes(post.state) && <CommandButton desk={desk} name="post.put_back" payload={aboutPost(post)}>{t("Put back")}</CommandButton>}
      </div>
      {decide.value === "reject" && (post.state === "pending" || post.state === "approved") && <Reject desk={desk} post={post} />}
      {decide.value === "merge" && post.state === "pending" && (
        <div class="mc-stack">
          {published.map((into) => <CommandButton key={into.id} desk={desk} name="post.merge" payload={{ ...aboutPost(post), into_id: into.id }}>{into.text}</CommandButton>)}
        </div>
      )}
    </li>
  );
}

function Reject({ desk, post }: { desk: Desk; post: StaffPost }): JSX.Element {
  const reason = useSignal("");
  return (
    <div class="mc-stack">
      <label class="mc-field">
        <span>{t("Note for the log (its author does not see it)")}</span>
        <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      {REASONS.map((code) => (
        <CommandButton key={code} desk={desk} name="post.reject" payload={{ ...aboutPost(post), code, reason: reason.value.trim() }}>{postReasonWord(code)}</CommandButton>
      ))}
    </div>
  );
}

function stateWord(post: StaffPost): string {
  switch (post.state) {
    case "pending": return t("To be read");
    case "approved": return t("Published");
    case "merged": return t("Merged");
    case "rejected": return `${t("Rejected")}: ${postReasonWord(post.rejected_for || "other")}`;
    case "unconfirmed": return post.mail === "given_up" ? `${t("Not confirmed yet.")} ${post.mail_sentence}` : t("Not confirmed yet.");
  }
}

function Hands({ desk, post }: { desk: Desk; post: number }): JSX.Element | null {
  tick();
  const now = desk.clock.now();
  const others = (desk.staff.value.post_hands ?? []).filter((hand) => hand.post_id === post && hand.staff_id !== desk.page.me.id && now - hand.since_ms < STALE_MS);
  if (!others.length) return null;
  return <span class="mc-hands">{t("{names} is at it", { names: others.map((hand) => hand.name).join(", ") })}</span>;
}
