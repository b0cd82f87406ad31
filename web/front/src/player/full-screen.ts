/** The whole player on the whole screen; on an iPhone the picture alone. */
export function fullScreen(root: HTMLElement, video: HTMLVideoElement & { webkitEnterFullscreen?: () => void }): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else if (root.requestFullscreen) void root.requestFullscreen();
  else video.webkitEnterFullscreen?.();
}
