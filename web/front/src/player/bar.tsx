/** The bar of real buttons under the picture, and the line that says what is going on. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { clockText } from "../shared/countdown";
import { t } from "../shared/i18n";
import { Choices } from "./choices";
import type { PlayerController } from "./controller";
import { canFloat, float } from "./float";
import { fullScreen } from "./full-screen";
import { Icon } from "./icons";
import { keyHelp } from "./keys";
import { SeekBar } from "./seek-bar";
import type { Chapter } from "./timeline";
import { liveLabel, sentence } from "./words";

interface BarProps {
  player: PlayerController;
  linkTo: (seconds: number) => string;
  chapters: () => readonly Chapter[];
  root: HTMLElement;
}

export function Bar({ player, chapters, linkTo, root }: BarProps): JSX.Element {
  const help = useSignal(false);
  const phase = player.phase.value;
  const going = phase !== "idle" && phase !== "paused" && phase !== "ended";
  return (
    <div class="mh-player__bar">
      <SeekBar player={player} chapters={chapters()} />
      <div class="mh-player__buttons">
        <IconButton name={going ? "pause" : "play"} label={going ? t("Pause") : t("Play")} onClick={() => player.toggle()} big />
        <IconButton name="back" label={t("Back 10 seconds")} text="10" onClick={() => player.skip(-10)} />
        <IconButton name="forward" label={t("Forward 10 seconds")} text="10" onClick={() => player.skip(10)} />
        <Volume player={player} />
        {player.live ? <LiveButton player={player} /> : <Times player={player} />}
        <span class="mh-player__gap" />
        {player.offersCaptions && <CaptionsButton player={player} />}
        <CopyLink player={player} linkTo={linkTo} />
        {canFloat(player.video) && player.picture.value !== "sound" && (
          <IconButton name="float" label={t("Picture in picture")} onClick={() => float(player.video)} />
        )}
        <IconButton name="full" label={t("Full screen")} onClick={() => fullScreen(root, player.video)} />
        <button type="button" class="mh-player__button" aria-expanded={help.value} onClick={() => (help.value = !help.value)}>
          <span aria-hidden="true">?</span>
          <span class="govuk-visually-hidden">{t("Keyboard help")}</span>
        </button>
      </div>
      <div class="mh-player__under">
        <p class="mh-player__status">{status(player)}</p>
        <Choices player={player} />
      </div>
      {help.value && <Help player={player} />}
    </div>
  );
}

function status(player: PlayerController): string {
  return sentence({
    live: player.live,
    phase: player.phase.value,
    transport: player.transport.value,
    picture: player.picture.value,
    relayed: player.relayed.value,
    behind: player.behind.value,
    rewound: player.rewound.value,
    fallback: player.fallback.value,
    captions: player.captions.value && player.offersCaptions,
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

function CaptionsButton({ player }: { player: PlayerController }): JSX.Element {
  const on = player.captions.value;
  return (
    <button type="button" class="mh-player__button" aria-pressed={on} title={t("Captions")} onClick={() => player.caption(!on)}>
      <span aria-hidden="true">CC</span>
      <span class="govuk-visually-hidden">{t("Captions")}</span>
    </button>
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

function Help({ player }: { player: PlayerController }): JSX.Element {
  return (
    <div class="mh-player__help">
      <p>{t("These keys work while the player has the focus.")}</p>
      <dl>
        {keyHelp({ captions: player.offersCaptions, floats: canFloat(player.video) }).map(([key, what]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>
        ))}
      </dl>
    </div>
  );
}
