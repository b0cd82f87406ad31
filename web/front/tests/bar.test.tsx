import { h, render } from "preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Bar } from "../src/player/bar";
import { PlayerController } from "../src/player/controller";
import { handleKey } from "../src/player/keys";

const settled = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve));

function bar(captions: string | null = "en"): { root: HTMLElement; player: PlayerController } {
  const root = document.body.appendChild(document.createElement("div"));
  const player = new PlayerController(document.createElement("video"), {
    live: true, urls: { whep: "", hls: "", audio: "", interpreted: "" }, small: true, captions, languages: [],
    now: () => 0, epoch: () => 0, since: () => 0, startAt: null, duration: null,
  });
  render(h(Bar, { player, chapters: () => [], linkTo: () => "", root }), root);
  return { root, player };
}

const named = (root: HTMLElement): string[] =>
  [...root.querySelectorAll("button, select")].map((one) => one.getAttribute("aria-label") ?? one.getAttribute("title") ?? "");

afterEach(() => {
  vi.unstubAllGlobals();
  delete (HTMLVideoElement.prototype as Partial<HTMLVideoElement>).requestPictureInPicture;
  document.body.replaceChildren();
});

describe("the size of the captions", () => {
  it("is asked for when they are on", async () => {
    const { root, player } = bar();
    expect(named(root)).not.toContain("Size of the captions");
    player.caption(true);
    await settled();
    const list = root.querySelector<HTMLSelectElement>("[aria-label='Size of the captions']");
    if (!list) throw new Error("no list");
    list.value = "large";
    list.dispatchEvent(new Event("change"));
    expect(player.captionSize.value).toBe("large");
    player.caption(false);
    await settled();
    expect(named(root)).not.toContain("Size of the captions");
    expect(player.captionSize.value).toBe("large");
  });
});

describe("picture in picture", () => {
  it("is offered where the browser has it, with a key, and not without a picture", async () => {
    expect(named(bar().root)).not.toContain("Picture in picture");
    const asked = vi.fn(async () => ({}) as PictureInPictureWindow);
    HTMLVideoElement.prototype.requestPictureInPicture = asked;
    Object.defineProperty(document, "pictureInPictureEnabled", { value: true, configurable: true });
    const { root, player } = bar();
    root.querySelector<HTMLButtonElement>("[title='Picture in picture']")?.click();
    root.addEventListener("keydown", (event) => handleKey(event, player, root));
    root.dispatchEvent(new KeyboardEvent("keydown", { key: "i" }));
    expect(asked).toHaveBeenCalledTimes(2);
    player.show("sound");
    await settled();
    expect(named(root)).not.toContain("Picture in picture");
    Object.defineProperty(document, "pictureInPictureEnabled", { value: undefined, configurable: true });
  });

  it("says nothing wrong when the browser refuses: the picture stays where it is", async () => {
    const told = vi.spyOn(console, "info").mockImplementation(() => undefined);
    HTMLVideoElement.prototype.requestPictureInPicture = async () => { throw new Error("no picture yet"); };
    Object.defineProperty(document, "pictureInPictureEnabled", { value: true, configurable: true });
    const { root } = bar();
    root.querySelector<HTMLButtonElement>("[title='Picture in picture']")?.click();
    await settled();
    expect(told).toHaveBeenCalledOnce();
    Object.defineProperty(document, "pictureInPictureEnabled", { value: undefined, configurable: true });
  });
});
