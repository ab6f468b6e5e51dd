/** Turns the symbols of a subscription into the source's instruments. */
import { ALL_SYMBOLS, type Subscription } from "../lsg/subscription.ts";
import type { SourceInstrument } from "./source.ts";

interface ResolvedSymbol {
  readonly symbol: string;
  readonly instrument: SourceInstrument;
}

export interface Resolution {
  /** Each with the symbol it was asked by; an instrument may come several times. */
  readonly found: readonly ResolvedSymbol[];
  readonly unresolved: readonly string[];
  /** The whole dataset was asked for, instruments that are not listed yet included. */
  readonly isAll: boolean;
}

type Index = ReadonlyMap<string, readonly SourceInstrument[]>;

export class SymbolResolver {
  readonly #instruments: readonly SourceInstrument[];
  readonly #indexes: Readonly<Record<Subscription["stypeIn"], Index>>;

  constructor(instruments: readonly SourceInstrument[]) {
    this.#instruments = instruments;
    this.#indexes = {
      raw_symbol: indexBy(instruments, (one) => [one.rawSymbol]),
      instrument_id: indexBy(instruments, (one) => [String(one.instrumentId)]),
      parent: indexBy(instruments, (one) => one.parents),
      continuous: indexBy(instruments, (one) => one.continuous),
    };
  }

  resolve(subscription: Pick<Subscription, "stypeIn" | "symbols">): Resolution {
    const { stypeIn, symbols } = subscription;
    if (symbols.includes(ALL_SYMBOLS)) {
      const found = this.#instruments.map((instrument) => ({ symbol: ALL_SYMBOLS, instrument }));
      return { found, unresolved: [], isAll: true };
    }
    const found: ResolvedSymbol[] = [];
    const unresolved: string[] = [];
    for (const symbol of new Set(symbols)) {
      const instruments = this.#indexes[stypeIn].get(symbol) ?? [];
      if (instruments.length === 0) unresolved.push(symbol);
      for (const instrument of instruments) found.push({ symbol, instrument });
    }
    return { found, unresolved, isAll: false };
  }
}

function indexBy(
  instruments: readonly SourceInstrument[],
  namesOf: (instrument: SourceInstrument) => readonly string[],
): Index {
  const index = new Map<string, SourceInstrument[]>();
  for (const instrument of instruments) {
    for (const name of new Set(namesOf(instrument))) {
      const named = index.get(name);
      if (named === undefined) index.set(name, [instrument]);
      else named.push(instrument);
    }
  }
  return index;
}
