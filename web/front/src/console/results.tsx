/** The result of a vote of the members, entered in one dialog. */

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { t } from "../shared/i18n";
import type { ResultView, Said } from "../shared/wire";
import type { Desk } from "./desk";
import { CloseButton, CommandButton, Dialog, PressButton, Trouble } from "./parts";
import { parseVotes } from "./votes";

/** More than a list of all members of a large council has. */
const FILE_BYTES = 200_000;

export function ResultDialog({ desk }: { desk: Desk }): JSX.Element {
  const meeting = desk.meeting.value;
  const items = meeting.agenda.filter((item) => !item.heading && !item.restricted);
  const item = useSignal(items.find((one) => one.id === meeting.now_item_id)?.id ?? items[0]?.id ?? 0);
  const motion = useSignal(t("To approve the recommendation"));
  const counts = { for: useSignal(""), against: useSignal(""), abstained: useSignal("") };
  const text = useSignal("");
  const tooLarge = useSignal(false);
  const { names, totals, wrong, twice } = parseVotes(text.value);
  const said = Object.values(names);
  const by = (word: Said): number => said.filter((one) => one === word).length;
  const count = (typed: string, word: Said): number => (typed === "" ? totals[word] ?? by(word) : Number(typed));
  const figures = {
    votes_for: count(counts.for.value, "for"), votes_against: count(counts.against.value, "against"), abstained: count(counts.abstained.value, "abstain"),
  };
  const enter = async (outcome: ResultView["outcome"]): Promise<void> => {
    const payload = { item_id: item.value, motion: motion.value, outcome, names, ...figures };
    if (await desk.run("result.enter", payload)) desk.close();
  };
  const open = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    tooLarge.value = file.size > FILE_BYTES;
    if (!tooLarge.value) text.value = await file.text();
  };
  const off = !motion.value.trim() || wrong.length > 0 || twice.length > 0 || figures.votes_for + figures.votes_against === 0 || desk.isFlying(`result.enter:${item.value}`);
  const tie = figures.votes_for === figures.votes_against;
  const likely = figures.votes_for > figures.votes_against ? "carried" : "lost";
  return (
    <Dialog desk={desk} title={t("Result of a vote")}>
      <label class="mc-field">
        <span>{t("On which item?")}</span>
        <select value={item.value} onChange={(event) => (item.value = Number(event.currentTarget.value))}>
          {items.map((one) => <option key={one.id} value={one.id}>{one.number} {one.title}</option>)}
        </select>
      </label>
      <label class="mc-field">
        <span>{t("What was voted on?")}</span>
        <input type="text" maxLength={200} value={motion.value} onInput={(event) => (motion.value = event.currentTarget.value)} />
      </label>
      <div class="mc-figures">
        <Figure label={t("For")} value={counts.for} likely={figures.votes_for} />
        <Figure label={t("Against")} value={counts.against} likely={figures.votes_against} />
        <Figure label={t("Abstained")} value={counts.abstained} likely={figures.abstained} />
      </div>
      <label class="mc-field">
        <span>{t("Names, if it was a recorded vote: “Cllr Jane Doe: for”, one a line, or a table with a heading as voting systems write it")}</span>
        <textarea rows={4} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
      </label>
      <label class="mc-field">
        <span>{t("Or from a file (CSV)")}</span>
        <input type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" onChange={(event) => void open(event.currentTarget.files?.[0])} />
      </label>
      {tooLarge.value && <p role="alert" class="mc-dialog__trouble">{t("The file is larger than a list of votes can be.")}</p>}
      {wrong.length > 0 && <p role="alert" class="mc-dialog__trouble">{t("Not understood: {lines}", { lines: wrong.slice(0, 5).join(" / ") })}</p>}
      {twice.length > 0 && <p role="alert" class="mc-dialog__trouble">{t("Named twice: {names}", { names: twice.join(", ") })}</p>}
      {said.length > 0 && <p role="status">{t("By name: {for} for, {against} against, {abstained} abstained", { for: by("for"), against: by("against"), abstained: by("abstain") })}</p>}
      {tie && !off && <p>{t("The votes are equal: press what came of it after the casting vote.")}</p>}
      <Trouble desk={desk} />
      <div class="mc-dialog__buttons">
        <PressButton tone={!tie && likely === "carried" ? "primary" : "plain"} disabled={off} onClick={() => void enter("carried")}>{t("Carried")}</PressButton>
        <PressButton tone={!tie && likely === "lost" ? "primary" : "plain"} disabled={off} onClick={() => void enter("lost")}>{t("Lost")}</PressButton>
        <CloseButton desk={desk} />
      </div>
      <Entered desk={desk} />
    </Dialog>
  );
}

function Figure({ label, value, likely }: { label: string; value: { value: string }; likely: number }): JSX.Element {
  return (
    <label class="mc-field">
      <span>{label}</span>
      <input
        type="number" min={0} max={200} inputMode="numeric" value={value.value} placeholder={String(likely)}
        onInput={(event) => (value.value = event.currentTarget.value)}
      />
    </label>
  );
}

function Entered({ desk }: { desk: Desk }): JSX.Element | null {
  const reason = useSignal("");
  const results = desk.meeting.value.results ?? [];
  if (!results.length) return null;
  return (
    <>
      <h3 class="mc-subhead">{t("Entered")}</h3>
      <label class="mc-field">
        <span>{t("Reason, to strike one")}</span>
        <input type="text" maxLength={200} value={reason.value} onInput={(event) => (reason.value = event.currentTarget.value)} />
      </label>
      <ul class="mc-rows mc-rows--short">
        {results.map((result) => (
          <li key={result.id} class="mc-row">
            <span class="mc-row__who">{result.motion}</span>
            <span class="mc-row__state">{result.outcome === "carried" ? t("Carried") : t("Lost")} {result.votes_for}:{result.votes_against}</span>
            <CommandButton desk={desk} name="result.strike" payload={{ result_id: result.id, reason: reason.value.trim() }} disabled={!reason.value.trim()}>
              {t("Strike")}
            </CommandButton>
          </li>
        ))}
      </ul>
    </>
  );
}
