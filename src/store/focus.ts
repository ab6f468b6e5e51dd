/**
 * Which instrument the figures are of, and what its tick is worth: from symbol mappings, definitions, or as told.
 * Until the gateway has named it there is none. A continuous symbol can move on to another contract (roll).
 */
import type { InstrumentDefMsg, SymbolMappingMsg } from "../dbn/records.ts";
import { sanitiseText } from "../lib/sanitise.ts";
import { instrumentFor, instrumentFromDefinition, isOutright } from "../market/contract.ts";
import type { Instrument } from "../market/instrument.ts";

/** The instrument as already known, e.g. from a recording's metadata. */
export interface KnownInstrument {
  readonly instrumentId?: number;
  readonly rawSymbol?: string;
}

/** `same`: nothing new. `refined`: facts changed, figures stay right. `other`: the figures are of something else. */
export type FocusChange = "same" | "refined" | "other";

/** Definitions remembered for a later mapping (roll); outright futures of one parent are far fewer. */
const DEFINITIONS_KEPT = 256;
const SYMBOL_MAX = 71;
const NUMBER = /^\d*$/;
const CONTINUOUS = /\.[cnv]\.\d+$/;

function isEqual(a: Instrument, b: Instrument): boolean {
  return (
    a.rawSymbol === b.rawSymbol &&
    a.tickUnits === b.tickUnits &&
    a.pointValue === b.pointValue &&
    a.source === b.source
  );
}

export class Focus {
  /** -1 until known. */
  instrumentId = -1;
  /** Null while the tick is not known: an unknown product without a definition. */
  instrument: Instrument | null = null;
  readonly #requested: string;
  readonly #known: KnownInstrument;
  readonly #definitions = new Map<number, Instrument>();
  #rawSymbol = "";

  constructor(requested: string, known: KnownInstrument) {
    this.#requested = requested;
    this.#known = known;
    if (known.instrumentId !== undefined) this.#aim(known.instrumentId, known.rawSymbol ?? "");
  }

  mapping(message: SymbolMappingMsg): FocusChange {
    const said = sanitiseText(message.stypeOutSymbol, SYMBOL_MAX);
    const rawSymbol = NUMBER.test(said) ? "" : said; // an id is no name
    if (!this.#isMeant(message, rawSymbol)) return "same";
    const { instrumentId } = message;
    if (instrumentId === this.instrumentId) {
      if (rawSymbol === "" || rawSymbol === this.#rawSymbol) return "same";
      const hadName = this.#rawSymbol !== "";
      this.#aim(instrumentId, rawSymbol);
      return hadName ? "other" : "refined";
    }
    const isFirst = this.instrumentId === -1;
    this.#aim(instrumentId, rawSymbol);
    return isFirst ? "refined" : "other";
  }

  definition(message: InstrumentDefMsg): FocusChange {
    const found = instrumentFromDefinition(message);
    if (found === null) return "same";
    const { instrumentId } = message;
    this.#definitions.set(instrumentId, found);
    if (this.#definitions.size > DEFINITIONS_KEPT) {
      for (const oldest of this.#definitions.keys()) {
        this.#definitions.delete(oldest);
        break;
      }
    }
    if (this.instrumentId === -1 && found.rawSymbol === (this.#known.rawSymbol ?? this.#requested)) {
      this.#aim(instrumentId, found.rawSymbol);
      return "refined";
    }
    if (instrumentId !== this.instrumentId) return "same";
    const before = this.instrument;
    if (before !== null && isEqual(before, found)) return "same";
    this.instrument = found;
    if (this.#rawSymbol === "") this.#rawSymbol = found.rawSymbol;
    if (before === null) return "refined";
    return before.tickUnits === found.tickUnits && before.rawSymbol === found.rawSymbol ? "refined" : "other";
  }

  /** Whether a definition could matter: of the instrument itself, or of a future it may roll to. */
  wantsDefinition(instrumentId: number, instrumentClass: string): boolean {
    return instrumentId === this.instrumentId || instrumentClass === "F";
  }

  #isMeant(message: SymbolMappingMsg, rawSymbol: string): boolean {
    const known = this.#known;
    if (known.instrumentId !== undefined) return message.instrumentId === known.instrumentId;
    if (known.rawSymbol !== undefined) return [rawSymbol, message.stypeInSymbol].includes(known.rawSymbol);
    if (rawSymbol === this.#requested) return true;
    if (message.stypeInSymbol !== this.#requested) return false;
    if (CONTINUOUS.test(this.#requested)) return true;
    // A parent names many instruments, one mapping each: the first outright future is shown, the others are not rolls.
    if (this.instrumentId !== -1) return message.instrumentId === this.instrumentId;
    return isOutright(rawSymbol) || !isParent(this.#requested);
  }

  #aim(instrumentId: number, rawSymbol: string): void {
    this.instrumentId = instrumentId;
    this.#rawSymbol = rawSymbol;
    const defined = this.#definitions.get(instrumentId);
    this.instrument =
      defined !== undefined && (rawSymbol === "" || defined.rawSymbol === rawSymbol)
        ? defined
        : instrumentFor(instrumentId, rawSymbol);
  }
}

function isParent(symbol: string): boolean {
  return symbol.endsWith(".FUT") || symbol.endsWith(".OPT") || symbol === "ALL_SYMBOLS";
}
