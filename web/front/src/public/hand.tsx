/** A raised hand in a webinar: up, down, and agreeing to be on air, which leads to a page of one's own. */

import { signal } from "@preact/signals";
import { render, type JSX } from "preact";
import { said, t } from "../shared/i18n";
import type { Ack, OwnHand } from "../shared/wire";
import type { PublicFeed } from "./feed";

export interface HandOptions {
  feed: PublicFeed;
  /** Where the forms go without a socket. */
  url: string;
  /** What personal links begin with. */
  speak: string;
  first: OwnHand | null;
  go: (address: string) => void;
}

type Consent = "picture_and_sound" | "sound_only";

export class Hand {
  private readonly trouble = signal("");
  private readonly flying = signal(false);

  constructor(root: HTMLElement, private readonly options: HandOptions) {
    if (options.first) options.feed.hand.value = options.first;
    root.replaceChildren();
    render(<Place hand={this} options={options} />, root);
  }

  get wrong(): string {
    return this.trouble.value;
  }

  get busy(): boolean {
    return this.flying.value;
  }

  async raise(name: string): Promise<void> {
    const answer = await this.send<{ hand_id: number }>("hand.raise", { name });
    if (answer) this.options.feed.hand.value = { id: answer.hand_id, name, state: "raised", token: null };
  }

  async lower(hand: OwnHand): Promise<void> {
    if (await this.send("hand.lower", { hand_id: hand.id })) this.become(hand, "lowered");
  }

  async decline(hand: OwnHand): Promise<void> {
    if (await this.send("hand.decline", { hand_id: hand.id })) this.become(hand, "declined");
  }

  async accept(hand: OwnHand, consent: Consent): Promise<void> {
    const answer = await this.send<{ token: string | null }>("hand.accept", { hand_id: hand.id, consent });
    if (!answer) return;
    // Sent again, the answer has no token; then the event `hand` brings it.
    this.options.feed.hand.value = { ...hand, state: "accepted", token: answer.token };
    if (answer.token) this.options.go(`${this.options.speak}/${answer.token}`);
  }

  private become(hand: OwnHand, state: OwnHand["state"]): void {
    this.options.feed.hand.value = { ...hand, state };
  }

  private async send<T extends object = object>(name: string, payload: object): Promise<(Ack<T> & { ok: true }) | null> {
    if (this.flying.peek()) return null;
    this.flying.value = true;
    this.trouble.value = "";
    const answer = await this.options.feed.connection.command<T>(name, payload);
    this.flying.value = false;
    if (answer.ok) return answer;
    this.trouble.value = said(answer.error.message) ?? answer.error.message;
    return null;
  }
}

interface PlaceProps {
  hand: Hand;
  options: HandOptions;
}

function Place({ hand, options }: PlaceProps): JSX.Element | null {
  const own = options.feed.hand.value;
  if (own?.state === "asked") return <Asked hand={hand} own={own} />;
  if (own?.state === "raised") {
    return (
      <>
        <p class="govuk-body" role="status">{t("Your hand is up. An officer sees it.")}</p>
        <Trouble hand={hand} />
        <button type="button" class="govuk-button govuk-button--secondary" disabled={hand.busy} onClick={() => void hand.lower(own)}>{t("Lower your hand")}</button>
      </>
    );
  }
  if (own?.token) return <p class="govuk-body"><a class="govuk-link" href={`${options.speak}/${own.token}`}>{t("Go to your own page to speak")}</a></p>;
  if (options.feed.removed.value) return null;
  return (
    <>
      {own?.state === "dismissed" && <p class="govuk-body" role="status">{t("There was no time for your hand. You may raise it again later.")}</p>}
      <Raise hand={hand} />
    </>
  );
}

function Trouble({ hand }: { hand: Hand }): JSX.Element | null {
  return hand.wrong ? <p class="govuk-error-message" id="hand-error" role="alert">{hand.wrong}</p> : null;
}

function Raise({ hand }: { hand: Hand }): JSX.Element {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void hand.raise(String(new FormData(event.currentTarget as HTMLFormElement).get("name") ?? "").trim());
  };
  return (
    <form onSubmit={submit} noValidate>
      <div class={`govuk-form-group ${hand.wrong ? "govuk-form-group--error" : ""}`}>
        <label class="govuk-label" for="hand-name">{t("Your name, as it is to be shown when you speak")}</label>
        <Trouble hand={hand} />
        <input
          class="govuk-input govuk-input--width-20" id="hand-name" name="name" type="text" autocomplete="name" maxLength={80}
          aria-describedby={hand.wrong ? "hand-error" : undefined}
        />
      </div>
      <button class="govuk-button govuk-button--secondary" type="submit" disabled={hand.busy}>{t("Raise your hand")}</button>
    </form>
  );
}

function Asked({ hand, own }: { hand: Hand; own: OwnHand }): JSX.Element {
  const kinds: [Consent, string][] = [["picture_and_sound", t("With picture and sound")], ["sound_only", t("With sound only")]];
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const consent = new FormData(event.currentTarget as HTMLFormElement).get("consent");
    if (consent) void hand.accept(own, consent as Consent);
  };
  return (
    <>
      <p class="govuk-body" role="alert">
        <strong>{t("You are asked to come on air.")}</strong>{" "}
        {t("Whoever watches will see or hear you, and the recording is published. An officer brings you on air when you are ready, not before.")}
      </p>
      <form onSubmit={submit}>
        <fieldset class="govuk-fieldset govuk-form-group">
          <legend class="govuk-fieldset__legend govuk-fieldset__legend--s">{t("How may you be broadcast and recorded?")}</legend>
          <Trouble hand={hand} />
          <div class="govuk-radios govuk-radios--small">
            {kinds.map(([value, words]) => (
              <div key={value} class="govuk-radios__item">
                <input class="govuk-radios__input" id={`hand-${value}`} name="consent" type="radio" value={value} required />
                <label class="govuk-label govuk-radios__label" for={`hand-${value}`}>{words}</label>
              </div>
            ))}
          </div>
        </fieldset>
        <button class="govuk-button" type="submit" disabled={hand.busy}>{t("I agree, take me on air")}</button>
      </form>
      <button type="button" class="govuk-button govuk-button--secondary" disabled={hand.busy} onClick={() => void hand.decline(own)}>{t("No, thank you")}</button>
    </>
  );
}
