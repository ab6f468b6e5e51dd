/** What an alert says outside the screen: one sentence, marked with the mode, and the same in parts for other programs. */
import type { Firing } from "../../alerts/firing.ts";
import { firingText, ruleName } from "../../alerts/words.ts";
import { sanitiseText } from "../../lib/sanitise.ts";
import type { Mode } from "../../store/snapshot.ts";
import { alertRow, type AlertRow } from "../../ui/alert-output.ts";
import { priceText } from "../../ui/format.ts";

export interface AlertMessage {
  /** `NQZ6 whale [DEMO]`. */
  readonly title: string;
  /** `120 contracts bought by one aggressor, price 21,763.25`. */
  readonly body: string;
  readonly row: AlertRow;
}

const TITLE_MAX = 120;
const BODY_MAX = 240;

/** Never without its mode, unless it is the live market: a simulated price is not taken for a real one. */
export function messageOf(firing: Firing, mode: Mode): AlertMessage {
  const { instrument, ticks, rule } = firing;
  const mark = mode === "LIVE" ? "" : `[${mode}] `;
  const symbol = instrument === null ? "" : `${instrument.rawSymbol} `;
  const price = ticks === null || instrument === null ? "" : `, price ${priceText(ticks, instrument)}`;
  return {
    title: sanitiseText(`${mark}${symbol}${ruleName(rule)}`, TITLE_MAX),
    body: sanitiseText(`${firingText(firing)}${price}`, BODY_MAX),
    row: alertRow(firing, mode),
  };
}
