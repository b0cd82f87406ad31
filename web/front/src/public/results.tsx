/** What the members decided, beside each item, as soon as the clerk has entered it. */

import { render, type JSX } from "preact";
import { t } from "../shared/i18n";
import type { PublicSnapshot, ResultView, Said } from "../shared/wire";

export class Results {
  /** What stands there: drawn anew only when it changes, so that an open list of names stays open. */
  private readonly shown = new Map<Element, string>();

  constructor(private readonly agenda: HTMLElement) {}

  update(snapshot: PublicSnapshot): void {
    for (const place of this.agenda.querySelectorAll<HTMLElement>("[data-results]")) {
      const item = Number(place.closest<HTMLElement>("li[data-item-id]")?.dataset["itemId"]);
      const mine = (snapshot.results ?? []).filter((result) => result.item_id === item);
      const key = JSON.stringify(mine);
      if (this.shown.get(place) === key) continue;
      // The server's own rows go first: Preact would keep them beside its own.
      if (!this.shown.has(place)) place.replaceChildren();
      this.shown.set(place, key);
      render(<>{mine.map((result) => <Row key={result.id} result={result} />)}</>, place);
    }
  }
}

function Row({ result }: { result: ResultView }): JSX.Element {
  const carried = result.outcome === "carried";
  const figures = { for: result.votes_for, against: result.votes_against, abstained: result.abstained };
  return (
    <li data-result-id={result.id}>
      <strong class={`govuk-tag govuk-tag--${carried ? "green" : "red"}`}>{carried ? t("Carried") : t("Lost")}</strong>{" "}
      <span>{result.motion}</span>{" "}
      <span class="agenda-figures">{t("{for} for, {against} against, {abstained} abstained", figures)}</span>
      {Object.keys(result.names).length > 0 && (
        <details class="agenda-more">
          <summary class="agenda-more__summary">{t("Who voted how")}</summary>
          <Names words={t("For")} names={who(result, "for")} />
          <Names words={t("Against")} names={who(result, "against")} />
          <Names words={t("Abstained")} names={who(result, "abstain")} />
        </details>
      )}
    </li>
  );
}

function who(result: ResultView, said: Said): string[] {
  return Object.entries(result.names).filter(([, one]) => one === said).map(([name]) => name);
}

function Names({ words, names }: { words: string; names: string[] }): JSX.Element | null {
  return names.length ? <p class="govuk-body-s"><strong>{words}:</strong> {names.join(", ")}</p> : null;
}
