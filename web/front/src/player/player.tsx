/** The player as a person meets it: the video, what lies over it, and the bar under it. */

import { effect } from "@preact/signals";
import { render, type JSX } from "preact";
import { t } from "../shared/i18n";
import { Bar } from "./bar";
import type { Picture } from "./choice";
import { PlayerController } from "./controller";
import { Icon } from "./icons";
import { handleKey } from "./keys";
import type { PlayerOptions } from "./options";
import type { Chapter } from "./timeline";

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
    root.dataset["picture"] = player.picture.value;
    root.dataset["captionSize"] = player.captionSize.value;
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
  render(<Bar player={player} chapters={props.chapters} linkTo={props.linkTo} root={root} />, bar);
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
  const audio = player.picture.value === "sound";
  return (
    <div class={`mh-player__overlay${audio && phase !== "idle" ? " mh-player__overlay--audio" : ""}`}>
      {phase === "idle" && (
        <button type="button" class="mh-player__start" onClick={() => player.play()}>
          <span class="mh-player__start-icon"><Icon name="play" /></span>
          <span class="mh-player__start-text">
            <strong>{player.live ? t("Watch live") : t("Play the recording")}</strong>
            <span>{amount(player.picture.value)}</span>
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

function amount(picture: Picture): string {
  if (picture === "sound") return t("About 50 MB an hour");
  return picture === "360p" ? t("About 300 MB an hour") : t("About 1 GB an hour");
}
