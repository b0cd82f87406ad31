// Canned pages: what the templates and the server would give.
const now = Date.now();
const titles = [
  ["1", "Apologies for absence"], ["2", "Declarations of interest"], ["3", "Minutes of the last meeting"], ["4", "Public participation"],
  ["5", "Land at Boroughbridge Road: outline application for 140 homes, access and open space (24/01875/OUTM)"],
  ["6", "The Old Dairy, Clarence Street: change of use to music venue"], ["7", "Tree preservation order 12/2026"],
  ["8", "Planning appeal performance"], ["9", "Enforcement cases update"], ["10", "Date of next meeting"],
];
const agenda = titles.map(([number, title], index) => ({
  id: index + 1, number: `${number}.`, title, restricted: index === 8, heading: false, public_can_speak: index > 3, url: "",
  state: index < 4 ? "done" : index === 4 ? "now" : "not_started", seconds: index < 5 ? index * 420 + 12 : null,
}));
const questions = [
  { id: 1, text: "Will the new road have a separate cycle path as far as the ring road?", author: "Priya", item_id: 5, state: "answering", votes: 14, answered_seconds: null },
  { id: 2, text: "How many of the 140 homes will be affordable, and who checks it later?", author: "", item_id: 5, state: "approved", votes: 9, answered_seconds: null },
  { id: 3, text: "When will the flood model be published?", author: "J. Hardcastle", item_id: null, state: "answered", votes: 4, answered_seconds: 1400 },
];
const snapshot = {
  ref: "2026-11-26-planning", version: 41, server_ms: now, title: "Planning Committee A", state: "live", state_since_ms: now - 2e6, starts_ms: now - 22e5,
  live_ms: now - 21e5, ended_ms: null, epoch_ms: now - 23e5, imported_ms: now - 9e7, notice: null, now_item_id: 5, agenda, index: [],
  speaker: { name: "Margaret Ellis", item_id: 5, timer: { ends_ms: now + 100e3, seconds: 180 } }, speakers_waiting: 2, questions_open: true, questions,
};
const closed = {
  ...snapshot, state: "private", speaker: null, now_item_id: 9,
  notice: { title: "The public have been excluded for item 9", lines: ["The report has exempt information under paragraph 3 of Schedule 12A to the Local Government Act 1972."], expected_back_ms: now + 12e5 },
};
const row = (id, name, state, item, more = {}) => ({
  id, name, state, item_id: item, summary: "Traffic at the school gate", email: "resident@example.org", phone: "01904 000000", place: id, seconds: 180, timer: null, device_check: {}, ...more,
});
const tested = { device_check: { camera: "ok", microphone: "heard", browser: "Firefox" } };
const staff = {
  public: snapshot, exclusion_item_id: null,
  speakers: [
    row(1, "Margaret Ellis", "on_air", 5, { timer: { ends_ms: now + 100e3, seconds: 180 }, ...tested }), row(2, "Tom Akande", "called", 5, tested),
    row(3, "Rev. Susan Whitcombe-Hartley", "checked_in", 5, { device_check: { camera: "none", microphone: "heard" } }), row(4, "Ali Rahman", "confirmed", 6), row(5, "Jo Petrie", "submitted", 6), row(6, "Ken Lowe", "done", 4),
  ],
  pending: [
    { id: 21, text: "Has the highways authority seen the accident figures for 2025?", author: "Dev", item_id: 5, asked_ms: now - 60e3 },
    { id: 22, text: "Why is the school not consulted? My neighbour at number 14 says she was told nothing about the entrance on her side.", author: "", item_id: 5, asked_ms: now - 20e3 },
  ],
  clerks: [{ staff_id: 1, name: "Sam Clerk" }, { staff_id: 2, name: "Nia Bowen" }],
  duty: { officer: { staff_id: 1, name: "Sam Clerk" }, here: true, offered_to: { staff_id: 2, name: "Nia Bowen" }, note: "" },
  undo: [{ step: 7, by: "Sam Clerk", action: "speaker.call", label: "Tom Akande", until_ms: now + 3600e3 }],
  rejected: [], stream_keys: { chamber: "k7c1e0a6d2f94b58" },
  audit: [
    { at_ms: now - 90e3, who: "Sam Clerk", action: "admitted", subject: "Margaret Ellis", reason: "" },
    { at_ms: now - 300e3, who: "Sam Clerk", action: "made current", subject: "item 5", reason: "" },
  ],
};
const feed = (source, kind, label, state, sentence, level) => ({ source, kind, label, state, sentence, width: 1280, height: 720, frames_per_second: 25, sound: true, level_dbfs: level });
const engine = {
  studio: {
    meeting: snapshot.ref, session: 1, epoch_ms: snapshot.epoch_ms, gate: { state: "open", slate: { title: "", lines: [] }, since_ms: now - 21e5, changes: 2 },
    layout: "side_by_side", override: null, on_air: ["1"], captions_visible: true, captions: { chamber: "Cllr Jane Doe, Chair" },
    feeds: [
      feed("chamber", "srt", "Chamber", "live", "Picture and sound are good.", -18), feed("speaker-1", "speaker", "Margaret Ellis", "live", "Picture and sound are good.", -24),
      feed("speaker-2", "speaker", "Tom Akande", "live", "Connected, not on air.", -38),
    ],
    programme_dbfs: -16, pictures: 52000, late_ticks: 0,
  },
  recorder: { files: ["a.mp4"], bytes: 6.1e8, first_seconds: 0, last_seconds: 2101, healthy: true, sentence: "" },
  viewers: 128, alarms: [], refusals: ["RTMP from 10.1.4.9: the key is not known. Copy it again from “Encoder addresses”."],
};
const enginePrivate = {
  ...engine, alarms: ["The chamber has been silent for 40 seconds. Check the desk’s output."],
  studio: { ...engine.studio, on_air: [], gate: { ...engine.studio.gate, state: "private", slate: { title: closed.notice.title, lines: closed.notice.lines } } },
};
const speaker = (state, more = {}) => ({
  version: 7, server_ms: now, registration_id: 2, name: "Tom Akande", state, meeting_ref: snapshot.ref, meeting_title: snapshot.title, meeting_state: "live",
  starts_ms: snapshot.starts_ms, item: agenda[5], now_item: agenda[4], position: 1, seconds: 180, timer: null, device_is_current: true, ...more,
});
const urls = { state: "/state.json", whep: "/whep", hls: "/hls/main.m3u8", audio: "/hls/audio.m3u8", questions: "/questions" };
const page = (asset, { script, data, body, bodyClass = "" }) => `<!DOCTYPE html><html lang="en" class="govuk-template"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${script}</title><link rel="stylesheet" href="${asset("site.css")}"></head><body class="govuk-template__body js-enabled govuk-frontend-supported ${bodyClass}">${body}
<script type="application/json" id="page-data">${JSON.stringify({ strings: {}, socket: "/socket.io/", ...data }).replaceAll("<", "\\u003c")}</script>
<script type="module" src="${asset("site.js")}"></script><script type="module" src="${asset(script)}"></script></body></html>`;
const chrome = (main) => `<header class="govuk-generic-header"><div class="govuk-generic-header__container govuk-width-container"><div class="govuk-generic-header__logo"><a href="/" class="govuk-generic-header__homepage-link">City of Example Council</a></div></div></header>
<div class="govuk-width-container"><main class="govuk-main-wrapper">${main}</main></div>
<footer class="site-footer"><div class="govuk-width-container"><ul class="site-footer__list"><li><a class="site-footer__link" href="/">Accessibility</a></li><li><a class="site-footer__link" href="/">Privacy and cookies</a></li></ul><p class="site-footer__line">City of Example Council</p></div></footer>`;
const state = (item) => (item.state === "now" ? "Now" : item.state === "done" ? "Done" : "Not started");
const meeting = (shown, { player = true } = {}) => chrome(`<div class="meeting-head"><span class="govuk-caption-l">Planning Committee A</span><h1 class="govuk-heading-l">Planning Committee A</h1><p class="meeting-head__when govuk-body">Thursday 26 November 2026, 16:30, The Guildhall</p></div>
<div class="meeting-layout"><div class="meeting-layout__main">${player ? '<div id="player" data-poster="/picture?of=public"><video controls preload="none"></video></div>' : ""}
<div id="notice" role="status" hidden></div><div id="speaker-line" hidden></div>
<section id="questions"><h2 class="govuk-heading-m">Questions</h2><form method="post" action="/questions" novalidate><input type="hidden" name="client_id" value="x">
<div class="govuk-form-group"><label class="govuk-label govuk-label--s" for="text">Your question</label><div class="govuk-hint">An officer reads it first. If it is published, everybody sees it.</div><textarea class="govuk-textarea" id="text" name="text" rows="3"></textarea></div>
<div class="govuk-form-group"><label class="govuk-label" for="author">Your name (you may leave it empty)</label><input class="govuk-input govuk-input--width-20" id="author" name="author"></div>
<button class="govuk-button" type="submit">Send question</button></form><ul class="question-list govuk-list"></ul></section></div>
<div class="meeting-layout__side"><section><h2 class="govuk-heading-m">Agenda</h2><div id="agenda"><ol class="agenda-list">${shown.agenda.map((item) => `<li data-item-id="${item.id}" data-state="${item.state}"><p class="agenda-title"><span class="agenda-number">${item.number}</span> ${item.title}</p><span class="agenda-state" data-state="${item.state}">${state(item)}</span>${item.restricted ? '<p class="agenda-private">This item is to be considered in private.</p>' : '<details class="agenda-more"><summary class="agenda-more__summary">Papers</summary><p>None yet</p></details>'}</li>`).join("")}</ol></div></section></div></div>`);
const publicPage = (shown, phase, more) => (asset) => page(asset, { script: "public.js", bodyClass: `meeting-page meeting-page--${phase}`, body: meeting(shown), data: { ref: shown.ref, snapshot: shown, urls, chapters: [], phase, start: null, ...more } });
const speakerPage = (shown) => (asset) => page(asset, { script: "speaker.js", body: chrome('<h1 class="govuk-heading-l">Speak at Planning Committee A</h1><div id="speaker-app"></div>'), data: { token: "t", snapshot: shown, urls: { whep: "/whep", meeting: "/live" } } });
const consolePage = (shown, heard) => (asset) => page(asset, { script: "console.js", bodyClass: "console-page", body: '<main class="console-main"><div id="console-app"></div></main>', data: { ref: snapshot.ref, snapshot: shown, engine: heard, me: { id: 1, name: "Sam Clerk", role: "clerk" }, urls: { whep: "/whep", hls: urls.hls, picture: "/picture", meeting: "/live", display: "/display", chair: "/chair", whip: "http://localhost/whip/x/chamber", captions: "http://localhost/captions/x", rtmp: "rtmp://localhost:1935/live", srt: "srt://localhost:9000", register: "/register" } } });
const chapters = agenda.slice(0, 8).map((item, index) => ({ item_id: item.id, label: `${item.number} ${item.title}`, playback: index * 420 }));

export const PAGES = {
  live: publicPage(snapshot, "live"),
  private: publicPage(closed, "live"),
  recording: publicPage({ ...snapshot, state: "published", speaker: null, questions_open: false }, "after", { chapters }),
  "speaker-new": speakerPage(speaker("confirmed")),
  "speaker-waiting": speakerPage(speaker("checked_in")),
  "speaker-called": speakerPage(speaker("called")),
  "speaker-on-air": speakerPage(speaker("on_air", { timer: { ends_ms: now + 3600e3, seconds: 180 }, now_item: agenda[5] })),
  console: consolePage(staff, engine),
  "console-private": consolePage({ ...staff, public: closed }, enginePrivate),
  "console-before": consolePage({ ...staff, public: { ...snapshot, state: "scheduled", now_item_id: null, live_ms: null }, speakers: [], pending: [], audit: [] }, null),
};
