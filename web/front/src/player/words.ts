/** What the player is doing, in words. */

import { clockText } from "../shared/countdown";
import { t, tn } from "../shared/i18n";
import type { Picture, Transport } from "./choice";
import type { Phase } from "./screen";

export interface Doing {
  live: boolean;
  phase: Phase;
  transport: Transport;
  picture: Picture;
  relayed: boolean;
  behind: number | null;
  rewound: boolean;
  fallback: string | null;
  captions: boolean;
}

export function sentence(doing: Doing): string {
  const { live, phase, transport, behind, fallback } = doing;
  if (phase === "idle") return "";
  if (phase === "reconnecting") return t("Reconnecting…");
  if (phase === "connecting") return connecting(doing);
  if (phase === "buffering") return t("Waiting for the network…");
  if (phase === "ended") return t("The recording has ended.");
  if (!live) return phase === "paused" ? t("Paused.") : "";
  if (phase === "paused") return t("Paused. Play goes on from here, LIVE takes you to now.");
  const where = whereabouts(doing, behind);
  if (fallback && transport !== "whep") return `${where} ${fallback}`;
  return doing.captions ? `${where} ${t("With captions, which WebRTC does not have.")}` : where;
}

function connecting({ transport, relayed }: Doing): string {
  if (transport === "hls") return t("Connecting by HLS…");
  return relayed ? t("Trying another way, by the council’s relay…") : t("Connecting by WebRTC…");
}

function whereabouts({ transport, picture, rewound }: Doing, behind: number | null): string {
  const sound = picture === "sound";
  if (transport === "whep") return sound ? t("Live, sound only, under a second behind.") : t("Live, under a second behind.");
  if (behind === null) return sound ? t("Live, sound only.") : t("Live by HLS.");
  if (rewound) return t("Rewound: {time} behind live.", { time: clockText(behind) });
  const seconds = Math.max(1, Math.round(behind));
  return sound
    ? tn("Live, sound only, {n} second behind.", "Live, sound only, {n} seconds behind.", seconds)
    : tn("Live by HLS, {n} second behind.", "Live by HLS, {n} seconds behind.", seconds);
}

/** The text of the LIVE button. */
export function liveLabel({ phase, behind, rewound }: Pick<Doing, "phase" | "behind" | "rewound">): string {
  if (phase === "idle" || behind === null || behind < 2) return t("LIVE");
  if (!rewound && phase === "playing") return t("LIVE");
  return t("LIVE −{time}", { time: clockText(behind) });
}
