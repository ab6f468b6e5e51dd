/** The change of the price: against what it can be measured, what it comes to, and how that is said. */
import type { Instrument } from "../market/instrument.ts";
import { dayNumberOfText, weekdayText } from "../market/civil-date.ts";
import type { ChangeBase, ChangeBasis, SessionView } from "../studies/index.ts";
import { changeText, percentText, priceText } from "./format.ts";
import { signTone } from "./market-words.ts";
import { line, span } from "./text.ts";
import type { Row } from "./text.ts";
import type { Tone } from "./theme.ts";

/** What the change is taken from. */
export type Changing = Pick<SessionView, "last" | "bases">;

const WORDS: Readonly<Record<ChangeBasis, string>> = {
  settlement: "settle",
  "preliminary settlement": "settle p",
  "prior close": "prior close",
  "prior RTH close": "prior RTH close",
  "session open": "18:00 open",
  "RTH open": "RTH open",
  "first trade seen": "first trade seen",
};

/** The basis in force unless the reader chose another, as the screen names it; empty when there is none. */
export function basisText({ basis }: Pick<SessionView, "basis">): string {
  return basis === null ? "" : WORDS[basis];
}

/** The basis the reader chose while it is known, else the one in force; null when none is known. */
export function chosenBase(session: Changing, wished: ChangeBasis | null): ChangeBase | null {
  const { bases } = session;
  return bases.find(({ kind }) => kind === wished) ?? bases[0] ?? null;
}

/** The basis after the one that is shown, in a circle. */
export function nextBasis(session: Changing, wished: ChangeBasis | null): ChangeBasis | null {
  const { bases } = session;
  const at = bases.findIndex(({ kind }) => kind === chosenBase(session, wished)?.kind);
  return bases[(at + 1) % Math.max(1, bases.length)]?.kind ?? null;
}

/** Colour and weight of a change by its own sign. */
function changeTone(ticks: number): Tone {
  return ticks > 0 ? "upStrong" : ticks < 0 ? "downStrong" : "strong";
}

/** Whether there is a settlement to measure against. */
function isSettled(bases: readonly ChangeBase[]): boolean {
  return bases.some(({ kind }) => kind === "settlement" || kind === "preliminary settlement");
}

/** The change against a basis, from the longest way to say it to the shortest; the basis is always named. */
export function changeWays(session: Changing, base: ChangeBase | null, instrument: Instrument): readonly Row[] {
  if (session.last === null) return [];
  if (base === null) return [line("change n/a: neither settlement nor open is known", "dim"), line("change n/a", "dim")];
  const ticks = session.last.ticks - base.ticks;
  const amount = span(changeText(ticks, instrument), changeTone(ticks));
  const percent = span(`  ${percentText(ticks, base.ticks)}`, changeTone(ticks));
  const words = WORDS[base.kind];
  const price = priceText(base.ticks, instrument);
  const day = base.date === null ? "" : ` ${weekdayText(dayNumberOfText(base.date))}`;
  const dated = base.date === null ? "" : `${day} ${base.date}`;
  const way = (text: string): Row => [amount, percent, span(` vs ${text}`, "dim")];
  // Why it is another basis matters more than that basis's price.
  const why = isSettled(session.bases) ? [] : [way(`${words}${dated} ${price} (no settlement yet)`), way(`${words} (no settle)`)];
  return [
    ...why,
    way(`${words}${dated} ${price}`),
    way(`${words}${day} ${price}`),
    way(`${words} ${price}`),
    way(words),
    [amount, span(` vs ${words}`, "dim")],
  ];
}

/** The change against a further basis, short: `+61.75 vs RTH open`. */
export function shortChange({ last }: Changing, { kind, ticks }: ChangeBase, instrument: Instrument): Row {
  if (last === null) return [];
  const change = last.ticks - ticks;
  return [span(changeText(change, instrument), signTone(change)), span(` vs ${WORDS[kind]}`, "dim")];
}
