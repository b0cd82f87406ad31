/** One polite region for what a screen reader should say and nobody else needs to see. */

let region: HTMLElement | null = null;

export function announce(text: string): void {
  if (!region?.isConnected) {
    region = document.createElement("div");
    region.className = "govuk-visually-hidden";
    region.setAttribute("role", "status");
    region.setAttribute("aria-live", "polite");
    document.body.append(region);
  }
  // The same words twice are only said again when the text changes.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}
