/** The player as a person meets it: the video, one bar of real buttons, and a line that says what is going on. */

import { effect, useSignal } from "@preact/signals";
import { render, type JSX } from "preact";
import { clockText } from "../shared/countdown";
import { t } from "../shared/i18n";
import type { Transport } from "./choice";
import { PlayerController } from "./controller";
import { Icon } from "./icons";
import { keyHelp, handleKey } from "./keys";
import type { PlayerOptions } from "./options";
import { SeekBar } from "./seek-bar";
import type { Chapter } from "./timeline";
import { liveLabel, sentence } from "./words";

export interface PlayerProps extends PlayerOptions {
  chapters: () => readonly Chapter[];
  /** The address of this page at a moment, for "copy link". */
  linkTo: (seconds: number) => string;
}

/** Take over `#player`. */
export function mountPlayer(root: HTMLElement, props: PlayerProps): PlayerController {
  const video = root.querySelector("video") ?? root.appendChild(document.createElement("video"));
  takeOver(video, root.dataset["poster"]);
  const player = new PlayerController(video, props);
  root.classList.add("mh-player");
  root.setAttribute("role", "region");
  root.setAttribute("aria-label", t("Player"));
  root.tabIndex = -1;
  const stage = document.createElement("div");
  stage.className = "mh-player__stage";
  const overlay = document.createElement("div");
  const bar = document.createElement("div");
  root.replaceChildren(stage, bar);
  stage.append(video, overlay);
  effect(() => {
    root.dataset["transport"] = player.transport.value;
    root.dataset["phase"] = player.phase.value;
    root.dataset["rewound"] = String(player.rewound.value);
    root.dataset["behind"] = player.behind.value === null ? "" : player.behind.value.toFixed(1);
  });
  root.addEventListener("keydown", (event) => handleKey(event, player, root));
  video.addEventListener("click", () => {
    root.focus({ preventScroll: true });
    player.toggle();
  });
  render(<Overlay player={player} />, overlay);
  render(<Bar player={player} props={props} root={root} />, bar);
  return player;
}

function takeOver(video: HTMLVideoElement, poster: string | undefined): void {
  video.removeAttribute("controls");
  video.removeAttribute("src");
  video.replaceChildren();
  video.load();
  video.playsInline = true;
  video.preload = "none";
  video.tabIndex = -1;
  if (poster) video.poster = poster;
}

function Overlay({ player }: { player: PlayerController }): JSX.Element {
  const phase = player.phase.value;
  const audio = player.transport.value === "audio";
  return (
    <div class={`mh-player__overlay${audio && phase !== "idle" ? " mh-player__overlay--audio" : ""}`}>
      {phase === "idle" && (
        <button type="button" class="mh-player__start" onClick={() => player.play()}>
          <span class="mh-player__start-icon"><Icon name="play" /></span>
          <span class="mh-player__start-text">
            <strong>{player.live ? t("Watch live") : t("Play the recording")}</strong>
            <span>{audio ? t("About 50 MB an hour") : t("About 1 GB an hour")}</span>
          </span>
        </button>
      )}
      {audio && phase !== "idle" && <p class="mh-player__audio">{t("Audio only")}</p>}
      {(phase === "connecting" || phase === "reconnecting" || phase === "buffering") && (
        <span class="mh-player__spinner" aria-hidden="true" />
      )}
    </div>
  );
}

interface BarProps {
  player: PlayerController;
  props: PlayerProps;
  root: HTMLElement;
}

function Bar({ player, props, root }: BarProps): JSX.Element {
  const help = useSignal(false);
  const phase = player.phase.value;
  const going = phase !== "idle" && phase !== "paused" && phase !== "ended";
  return (
    <div class="mh-player__bar">
      <SeekBar player={player} chapters={props.chapters()} />
      <div class="mh-player__buttons">
        <IconButton name={going ? "pause" : "play"} label={going ? t("Pause") : t("Play")} onClick={() => player.toggle()} big />
        <IconButton name="back" label={t("Back 10 seconds")} text="10" onClick={() => player.skip(-10)} />
        <IconButton name="forward" label={t("Forward 10 seconds")} text="10" onClick={() => player.skip(10)} />
        <Volume player={player} />
        {player.live ? <LiveButton player={player} /> : <Times player={player} />}
        <span class="mh-player__gap" />
        <Choice player={player} />
        {player.languages.length > 0 && <Language player={player} />}
        {!player.live && <Speed player={player} />}
        <CopyLink player={player} linkTo={props.linkTo} />
        <IconButton name="full" label={t("Full screen")} onClick={() => fullScreen(root, player.video)} />
        <button type="button" class="mh-player__button" aria-expanded={help.value} onClick={() => (help.value = !help.value)}>
          <span aria-hidden="true">?</span>
          <span class="govuk-visually-hidden">{t("Keyboard help")}</span>
        </button>
      </div>
      <p class="mh-player__status">{status(player)}</p>
      {help.value && <Help />}
    </div>
  );
}

function status(player: PlayerController): string {
  return sentence({
    live: player.live,
    phase: player.phase.value,
    transport: player.transport.value,
    behind: player.behind.value,
    rewound: player.rewound.value,
    fallback: player.fallback.value,
  });
}

interface IconButtonProps {
  name: Parameters<typeof Icon>[0]["name"];
  label: string;
  text?: string;
  big?: boolean;
  onClick: () => void;
}

function IconButton({ name, label, text, big, onClick }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class={`mh-player__button${big ? " mh-player__button--big" : ""}`} title={label} onClick={onClick}>
      <Icon name={name} />
      {text && <span class="mh-player__ten" aria-hidden="true">{text}</span>}
      <span class="govuk-visually-hidden">{label}</span>
    </button>
  );
}

function Volume({ player }: { player: PlayerController }): JSX.Element {
  const silent = player.muted.value || player.volume.value === 0;
  return (
    <span class="mh-player__volume">
      <IconButton
        name={silent ? "muted" : "sound"}
        label={silent ? t("Turn sound on") : t("Mute")}
        onClick={() => (player.volume.value === 0 ? player.setVolume(1) : player.setMuted(!player.muted.value))}
      />
      <input
        type="range" min="0" max="100" step="5" aria-label={t("Volume")}
        value={String(Math.round((player.muted.value ? 0 : player.volume.value) * 100))}
        onInput={(event) => player.setVolume(Number(event.currentTarget.value) / 100)}
      />
    </span>
  );
}

function LiveButton({ player }: { player: PlayerController }): JSX.Element {
  const phase = player.phase.value;
  const now = phase === "playing" && !player.rewound.value;
  const label = liveLabel({ phase, behind: player.behind.value, rewound: player.rewound.value });
  return (
    <button type="button" class="mh-player__live" data-now={now} title={t("Go to live")} onClick={() => player.goLive()}>
      <span class="mh-player__dot" aria-hidden="true" />
      {label}
    </button>
  );
}

function Times({ player }: { player: PlayerController }): JSX.Element {
  const end = player.range.value.end;
  return (
    <span class="mh-player__times">
      {clockText(player.position.value)}
      {end > 0 && <span class="mh-player__end"> / {clockText(end)}</span>}
    </span>
  );
}

function Choice({ player }: { player: PlayerController }): JSX.Element {
  const options: [Transport, string][] = player.live
    ? [["whep", t("Live (WebRTC)")], ["hls", t("Rewindable (HLS)")], ["audio", t("Audio only")]]
    : [["hls", t("Video")], ["audio", t("Audio only")]];
  return (
    <select
      class="mh-player__select" aria-label={t("Way of playing")} value={player.choice.value}
      onChange={(event) => player.choose(event.currentTarget.value as Transport)}
    >
      {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
    </select>
  );
}

function Language({ player }: { player: PlayerController }): JSX.Element {
  return (
    <select
      class="mh-player__select" aria-label={t("Language of the sound")} value={player.language.value}
      onChange={(event) => player.listenTo(event.currentTarget.value)}
    >
      <option value="" lang={player.languages[0]?.floor ? "en" : undefined}>{player.languages[0]?.floor ?? t("Floor")}</option>
      {player.languages.map(({ tag, name, label }) => <option key={tag} value={tag} lang={tag}>{label ?? name}</option>)}
    </select>
  );
}

function Speed({ player }: { player: PlayerController }): JSX.Element {
  return (
    <select
      class="mh-player__select" aria-label={t("Speed")} value={String(player.rate.value)}
      onChange={(event) => player.setRate(Number(event.currentTarget.value))}
    >
      {[0.75, 1, 1.25, 1.5, 2].map((rate) => <option key={rate} value={String(rate)}>{`${rate}×`}</option>)}
    </select>
  );
}

function CopyLink({ player, linkTo }: { player: PlayerController; linkTo: (seconds: number) => string }): JSX.Element {
  const copied = useSignal<string | null>(null);
  const copy = async (): Promise<void> => {
    const link = linkTo(Math.floor(player.position.value));
    try {
      await navigator.clipboard.writeText(link);
      copied.value = t("Link copied");
    } catch {
      copied.value = link;
    }
    setTimeout(() => (copied.value = null), 4000);
  };
  return (
    <span class="mh-player__copy">
      <IconButton name="link" label={t("Copy a link to this moment")} onClick={() => void copy()} />
      <span role="status">{copied.value && <span class="mh-player__copied">{copied.value}</span>}</span>
    </span>
  );
}

function Help(): JSX.Element {
  return (
    <div class="mh-player__help">
      <p>{t("These keys work while the player has the focus.")}</p>
      <dl>
        {keyHelp().map(([key, what]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>
        ))}
      </dl>
    </div>
  );
}

export function fullScreen(root: HTMLElement, video: HTMLVideoElement & { webkitEnterFullscreen?: () => void }): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else if (root.requestFullscreen) void root.requestFullscreen();
  else video.webkitEnterFullscreen?.();
}
