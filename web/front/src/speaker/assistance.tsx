/** Help from an officer: a few words, or a call. */

import type { JSX } from "preact";
import { timeOfDay } from "../shared/format";
import { t } from "../shared/i18n";
import type { ChatLine } from "../shared/wire";
import type { Room } from "./room";

const CHARACTERS = 500;

export function Assistance({ room }: { room: Room }): JSX.Element {
  const { chat = [], help_reason: reason, state } = room.snapshot.value;
  return (
    <section class="mh-help" aria-labelledby="help-title">
      <h2 id="help-title" class="govuk-heading-m">{t("Help from an officer")}</h2>
      {reason ? <Called room={room} /> : <CallMe room={room} />}
      <details class="govuk-details mh-chat" open={state !== "on_air" && chat.length > 0}>
        <summary class="govuk-details__summary">
          <span class="govuk-details__summary-text">{t("Write to the officer")}</span>
        </summary>
        <div class="govuk-details__text">
          <p class="govuk-body-s">{t("Only the council’s officers read it. It is not public.")}</p>
          <Lines lines={chat} />
          <Say room={room} />
        </div>
      </details>
      {room.help.failure.value && <p class="govuk-error-message" role="alert">{room.help.failure.value}</p>}
    </section>
  );
}

function Lines({ lines }: { lines: ChatLine[] }): JSX.Element {
  return (
    <ol class="mh-chat__lines" aria-label={t("What was written")}>
      {lines.map((line) => (
        <li key={line.id} data-mine={!line.officer}>
          <span class="mh-chat__who">{line.officer || t("You")}, {timeOfDay(line.at_ms)}</span>
          <span class="mh-chat__text">{line.text}</span>
        </li>
      ))}
    </ol>
  );
}

function Say({ room }: { room: Room }): JSX.Element {
  const { help } = room;
  const send = (event: Event): void => {
    event.preventDefault();
    void help.say();
  };
  return (
    <form class="mh-chat__form" onSubmit={send}>
      <label class="govuk-label" for="chat-text">{t("Your message")}</label>
      <input
        id="chat-text" class="govuk-input" type="text" maxLength={CHARACTERS} autocomplete="off" value={help.draft.value}
        onInput={(event) => (help.draft.value = event.currentTarget.value)}
      />
      <button type="submit" class="govuk-button govuk-button--secondary" disabled={help.busy.value || !help.draft.value.trim()}>{t("Send")}</button>
    </form>
  );
}

function CallMe({ room }: { room: Room }): JSX.Element {
  const known = room.snapshot.value.phone;
  const ask = (event: Event): void => {
    event.preventDefault();
    void room.help.ask("help");
  };
  return (
    <form class="mh-call-me" onSubmit={ask}>
      {known
        ? <p class="govuk-body">{t("An officer can call you on {phone}.", { phone: known })}</p>
        : <Phone room={room} />}
      <button type="submit" class="govuk-button mh-call-me__button" disabled={room.help.busy.value}>{t("I need help, call me")}</button>
    </form>
  );
}

/** Where to call, when it is not known or another number is better now. */
export function Phone({ room }: { room: Room }): JSX.Element {
  return (
    <div class="govuk-form-group">
      <label class="govuk-label" for="call-phone">{t("Telephone number on which an officer can call you now")}</label>
      <input
        id="call-phone" class="govuk-input govuk-input--width-20" type="tel" maxLength={40} autocomplete="tel" value={room.help.phone.value}
        onInput={(event) => (room.help.phone.value = event.currentTarget.value)}
      />
    </div>
  );
}

function Called({ room }: { room: Room }): JSX.Element {
  const { phone } = room.snapshot.value;
  const again = (event: Event): void => {
    event.preventDefault();
    void room.help.ask("help");
  };
  return (
    <div class="mh-called" role="status">
      <p class="govuk-body govuk-!-font-weight-bold">{t("An officer has been told that you need help.")}</p>
      <p class="govuk-body">
        {phone
          ? t("They call you on {phone} as soon as they can. The number may be withheld: please answer.", { phone })
          : t("They do not have your telephone number. Give it here, or write below.")}
      </p>
      {!phone && (
        <form onSubmit={again}>
          <Phone room={room} />
          <button type="submit" class="govuk-button" disabled={room.help.busy.value}>{t("Send the number")}</button>
        </form>
      )}
      <button type="button" class="mh-link-button" disabled={room.help.busy.value} onClick={() => void room.help.noNeed()}>{t("I do not need help any more")}</button>
    </div>
  );
}
