/** Keys, only while the focus is inside the player (WCAG 2.1.4). */

import { t } from "../shared/i18n";
import type { PlayerController } from "./controller";
import { canFloat, float } from "./float";
import { fullScreen } from "./full-screen";

export function keyHelp(has: { captions: boolean; floats: boolean }): [string, string][] {
  const captions: [string, string][] = has.captions ? [["C", t("Captions")]] : [];
  const floats: [string, string][] = has.floats ? [["I", t("Picture in picture")]] : [];
  return [
    [t("Space or K"), t("Play or pause")],
    [t("J or ←"), t("Back 10 seconds")],
    [t("L or →"), t("Forward 10 seconds")],
    [t("↑ and ↓"), t("Volume")],
    ["M", t("Mute")],
    ...captions,
    ["E", t("Go to live")],
    ["F", t("Full screen")],
    ...floats,
    [t("0 to 9"), t("To tenths of the recording")],
  ];
}

const RATES = [0.75, 1, 1.25, 1.5, 2];

export function handleKey(event: KeyboardEvent, player: PlayerController, root: HTMLElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as HTMLElement;
  // A focused control keeps its own keys: Space presses a button, arrows move a slider or a list.
  const own = target.closest("button, input, select");
  if (own && (event.key === " " || event.key === "Enter" || (own.tagName !== "BUTTON" && event.key.startsWith("Arrow")))) return;
  if (own?.tagName === "SELECT") return;
  if (act(event.key, player, root)) event.preventDefault();
}

function act(key: string, player: PlayerController, root: HTMLElement): boolean {
  const actions: Record<string, () => void> = {
    " ": () => player.toggle(),
    k: () => player.toggle(),
    j: () => player.skip(-10),
    ArrowLeft: () => player.skip(-10),
    l: () => player.skip(10),
    ArrowRight: () => player.skip(10),
    ArrowUp: () => player.setVolume(player.volume.value + 0.1),
    ArrowDown: () => player.setVolume(player.volume.value - 0.1),
    c: () => player.caption(!player.captions.value),
    m: () => player.setMuted(!player.muted.value),
    f: () => fullScreen(root, player.video),
  };
  if (canFloat(player.video)) actions["i"] = () => float(player.video);
  if (player.live) actions["e"] = () => player.goLive();
  else if (/^[0-9]$/.test(key)) actions[key] = () => player.seek((player.range.value.end * Number(key)) / 10);
  if (!player.live && (key === "<" || key === ">")) actions[key] = () => player.setRate(step(player.rate.value, key === ">" ? 1 : -1));
  const action = actions[key.length === 1 ? key.toLowerCase() : key];
  action?.();
  return action !== undefined;
}

function step(rate: number, by: number): number {
  const at = RATES.indexOf(rate);
  return RATES[Math.min(Math.max((at < 0 ? 1 : at) + by, 0), RATES.length - 1)] ?? 1;
}
