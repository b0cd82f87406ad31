/** What a viewer can choose, each from a list of its own: the way it comes, the picture, the language, the speed. */

import type { JSX } from "preact";
import { t } from "../shared/i18n";
import { CAPTION_SIZES, type CaptionSize, type Picture, type Transport } from "./choice";
import type { PlayerController } from "./controller";

const RATES = [0.75, 1, 1.25, 1.5, 2];

export function Choices({ player }: { player: PlayerController }): JSX.Element {
  return (
    <span class="mh-player__choices">
      {player.live && <WayChoice player={player} />}
      <PictureChoice player={player} />
      {player.languages.length > 0 && <LanguageChoice player={player} />}
      {player.captions.value && player.offersCaptions && <CaptionSizeChoice player={player} />}
      {!player.live && <SpeedChoice player={player} />}
    </span>
  );
}

function WayChoice({ player }: { player: PlayerController }): JSX.Element {
  return (
    <select
      class="mh-player__select" aria-label={t("Way of playing")} value={player.way.value}
      onChange={(event) => player.choose(event.currentTarget.value as Transport)}
    >
      <option value="whep">{t("Live (WebRTC)")}</option>
      <option value="hls">{t("Rewindable (HLS)")}</option>
    </select>
  );
}

function PictureChoice({ player }: { player: PlayerController }): JSX.Element {
  const offered = player.pictures;
  return (
    <select
      class="mh-player__select" aria-label={t("Picture")} value={player.picture.value}
      onChange={(event) => player.show(event.currentTarget.value as Picture)}
    >
      {offered.map((picture) => <option key={picture} value={picture}>{pictureName(picture, offered, player)}</option>)}
    </select>
  );
}

/** What is chosen by itself says which it is. */
function pictureName(picture: Picture, offered: readonly Picture[], player: PlayerController): string {
  if (picture === "720p") return t("Full picture (720p)");
  if (picture === "360p") return t("Small picture (360p)");
  if (picture === "sound") return t("Audio only");
  if (!offered.includes("360p")) return t("Video");
  const height = player.picture.value === "auto" ? player.height.value : 0;
  return height ? t("Automatic ({height}p)", { height }) : t("Automatic");
}

function LanguageChoice({ player }: { player: PlayerController }): JSX.Element {
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

function CaptionSizeChoice({ player }: { player: PlayerController }): JSX.Element {
  const words: Record<CaptionSize, string> = { normal: t("Captions"), large: t("Large captions"), largest: t("Very large captions") };
  return (
    <select
      class="mh-player__select" aria-label={t("Size of the captions")} value={player.captionSize.value}
      onChange={(event) => (player.captionSize.value = event.currentTarget.value as CaptionSize)}
    >
      {CAPTION_SIZES.map((size) => <option key={size} value={size}>{words[size]}</option>)}
    </select>
  );
}

function SpeedChoice({ player }: { player: PlayerController }): JSX.Element {
  return (
    <select
      class="mh-player__select" aria-label={t("Speed")} value={String(player.rate.value)}
      onChange={(event) => player.setRate(Number(event.currentTarget.value))}
    >
      {RATES.map((rate) => <option key={rate} value={String(rate)}>{`${rate}×`}</option>)}
    </select>
  );
}
