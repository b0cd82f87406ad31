/** The picture in a small window of its own, over whatever else is read. Not every browser has it. */

export function canFloat(video: HTMLVideoElement): boolean {
  return document.pictureInPictureEnabled && typeof video.requestPictureInPicture === "function";
}

/** Out of the page, or back into it. A browser refuses while there is no picture yet: then all stays as it is. */
export function float(video: HTMLVideoElement): void {
  const done = document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture();
  done.catch((fault: unknown) => console.info("no picture in picture:", fault));
}
