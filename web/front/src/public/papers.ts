/** Papers and minutes that the agenda system published while the page was open: taken from the page as it is now. */

import type { PublicSnapshot } from "../shared/wire";

export interface PapersOptions {
  /** The agenda on the page. */
  root: HTMLElement;
  /** When what the page shows was read from the agenda system. */
  imported: number | null;
  /** The page as the server would send it now. */
  fetchPage: () => Promise<string>;
  /** The order of business is another: only a new page can show it. */
  changed: () => void;
}

export class Papers {
  private imported: number | null;
  private reading: Promise<void> | null = null;

  constructor(private readonly options: PapersOptions) {
    this.imported = options.imported;
  }

  /** Read the page anew when there was an import. Settles when all is shown. */
  look(snapshot: PublicSnapshot): Promise<void> {
    if (snapshot.imported_ms === this.imported) return this.reading ?? Promise.resolve();
    this.imported = snapshot.imported_ms;
    const before = this.reading ?? Promise.resolve();
    this.reading = before.then(() => this.renew());
    return this.reading;
  }

  private async renew(): Promise<void> {
    let html: string;
    try {
      html = await this.options.fetchPage();
    } catch (error) {
      // The network is away. The next import, or the reader, loads the page again.
      console.info("the papers could not be read", error);
      this.options.changed();
      return;
    }
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = items(page);
    const shown = items(this.options.root);
    if ([...fresh.keys()].join() !== [...shown.keys()].join()) {
      this.options.changed();
      return;
    }
    for (const [id, element] of shown) {
      const next = fresh.get(id);
      if (next) exchange(element, next);
    }
  }
}

function items(root: ParentNode): Map<string, HTMLElement> {
  const found = [...root.querySelectorAll<HTMLElement>("li[data-item-id]")];
  return new Map(found.map((element) => [element.dataset["itemId"] ?? "", element]));
}

/** Title and papers of one item. What follows the meeting, its state and the jump, stays. */
function exchange(element: HTMLElement, next: HTMLElement): void {
  const title = next.querySelector(".agenda-title");
  if (title) element.querySelector(".agenda-title")?.replaceWith(document.importNode(title, true));
  const papers = next.querySelector<HTMLDetailsElement>(".agenda-more");
  const before = element.querySelector<HTMLDetailsElement>(".agenda-more");
  if (!papers) {
    before?.remove();
    return;
  }
  const fresh = document.importNode(papers, true);
  if (before) {
    fresh.open ||= before.open;
    before.replaceWith(fresh);
  } else element.append(fresh);
}
