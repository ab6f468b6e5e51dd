/** The title of the terminal's window: price, change, contract, mode and link, for whoever looks at another window. */
import type { Snapshot } from "../store/snapshot.ts";
import { changeText, priceText } from "./format.ts";
import { phaseWords } from "./market-words.ts";
import { outside } from "./text.ts";

const CONTRACT_MAX = 24;
const TITLE_MAX = 80;

/** E.g. `21,742.50 −186.50 NQM5 DEMO RUNNING`; clean text. A mode that is no live market is always named. */
export function windowTitle({ instrument, requested, studies, mode, link }: Snapshot): string {
  const { last, changeTicks } = studies.session;
  const contract = outside(instrument?.rawSymbol ?? requested, CONTRACT_MAX);
  const price = instrument === null || last === null ? [] : [priceText(last.ticks, instrument)];
  const change = instrument === null || last === null || changeTicks === null ? [] : [changeText(changeTicks, instrument)];
  const { word } = phaseWords(link, mode);
  const state = word === mode ? [mode] : [mode, word];
  return outside([...price, ...change, contract, ...state, "nq-tui"].join(" "), TITLE_MAX);
}
