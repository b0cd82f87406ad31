/** The meeting's page: player, notice, agenda, who is speaking, questions. */

import { computed, effect } from "@preact/signals";
import { AgendaFollower } from "./public/agenda";
import { takeCantHear } from "./public/cant-hear";
import { PublicFeed } from "./public/feed";
import { Follow } from "./public/follow";
import { Hand } from "./public/hand";
import { updateNotice } from "./public/notice";
import { Papers } from "./public/papers";
import { PageTurner, phaseOf } from "./public/phase";
import { Polls } from "./public/polls";
import { Questions } from "./public/questions";
import { Results } from "./public/results";
import { mountSpeakerLine } from "./public/speaker-line";
import { meetingPlayer, type PlayerPage } from "./public/meeting-player";
import { ServerClock } from "./shared/clock";
import { deviceId } from "./shared/device";
import { readPage } from "./shared/page";
import type { ItemView, OwnHand, QuestionView } from "./shared/wire";

interface PublicPage extends PlayerPage {
  /** Question → playback time of its answer, when there is a recording. */
  answers: Record<string, number>;
  /** Polls that this device has answered. */
  voted?: number[];
  hand?: OwnHand | null;
}

const POSTER_MS = 20_000;
/** How often a page looks again how late the meeting is. */
const TIMETABLE_MS = 20_000;

const page = readPage<PublicPage>();
const clock = new ServerClock();
const feed = new PublicFeed({
  socket: page.socket, state: page.urls.state, device: deviceId(page.device), first: page.snapshot, clock,
});
const state = feed.snapshot.signal;
const live = page.phase === "live";

function moment(item: ItemView): number | null {
  if (live) return item.seconds;
  return page.chapters.find((chapter) => chapter.item_id === item.id)?.playback ?? null;
}

function linkTo(seconds: number): string {
  const link = new URL(location.href);
  link.search = `?t=${seconds}`;
  link.hash = "";
  return link.href;
}

const controller = meetingPlayer(page, clock, state, linkTo);

/** Until somebody presses play, the still goes with the meeting: at once when its state changes, and now and then. */
function renewPoster(meetingState: string): void {
  const poster = document.getElementById("player")?.dataset["poster"];
  // The same address for everybody at a time, so that caches can answer.
  const at = Math.floor(clock.now() / POSTER_MS);
  if (poster && !document.hidden) controller?.renewPoster(`${poster}?at=${meetingState}-${at}`);
}

if (live) {
  const meetingState = computed(() => state.value.state);
  effect(() => renewPoster(meetingState.value));
  setInterval(() => renewPoster(meetingState.peek()), POSTER_MS);
}

function jump(seconds: number): void {
  controller?.seek(seconds);
  if (controller?.phase.peek() === "paused") controller.play();
  document.getElementById("player")?.scrollIntoView({ block: "nearest" });
}

/** Where an answer is on the player's scale; null when it is not in the recording. */
function answer(question: QuestionView): number | null {
  return live ? question.answered_seconds : page.answers[question.id] ?? null;
}

const agenda = document.getElementById("agenda");
if (agenda) {
  const follower = new AgendaFollower(agenda, {
    moment: (item) => (controller ? moment(item) : null),
    jump: (item, seconds) => {
      history.replaceState(null, "", `?item=${item.id}`);
      jump(seconds);
    },
  });
  effect(() => follower.update(state.value, clock.now()));
  setInterval(() => follower.update(state.peek(), clock.now()), TIMETABLE_MS);
  const results = new Results(agenda);
  effect(() => results.update(state.value));
}

if (page.phase !== "after") {
  const follow = new Follow(page.ref, agenda, document.getElementById("follow"));
  effect(() => follow.update(state.value));
}

const notice = document.getElementById("notice");
if (notice) effect(() => updateNotice(notice, state.value.notice));

const speakerLine = document.getElementById("speaker-line");
if (speakerLine) mountSpeakerLine(speakerLine, state, clock);

const cantHear = document.getElementById("cant-hear");
if (cantHear instanceof HTMLFormElement) takeCantHear(cantHear, feed);

const questionsRoot = document.getElementById("questions");
const questions = questionsRoot
  ? new Questions(questionsRoot, { feed, ref: page.ref, url: page.urls.questions, answer, jump: controller ? jump : null })
  : null;

const pollsRoot = document.getElementById("polls");
if (pollsRoot) {
  const polls = new Polls(pollsRoot, { feed, url: page.urls.polls, voted: page.voted ?? [] });
  effect(() => polls.update(state.value));
}

const handRoot = document.getElementById("hand-place");
if (handRoot) {
  const { hands: url, speak } = page.urls;
  new Hand(handRoot, { feed, url, speak, first: page.hand ?? null, go: (address) => location.assign(address) });
}

const turner = new PageTurner(phaseOf(page.snapshot.state), () => Boolean(questions?.typing) || Boolean(controller?.rewound.peek()));
effect(() => turner.look(state.value));

async function fetchPage(): Promise<string> {
  const response = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.text();
}

if (agenda) {
  const papers = new Papers({ root: agenda, imported: page.snapshot.imported_ms, fetchPage, changed: () => turner.renew() });
  effect(() => void papers.look(state.value));
}
