/** The instrument on screen: what one tick is, and what a point is worth. */

export interface Instrument {
  readonly instrumentId: number;
  /** The resolved contract, e.g. `NQZ6`. */
  readonly rawSymbol: string;
  /** Root, e.g. `NQ`; empty when the symbol is not a future's. */
  readonly root: string;
  /** One tick in 1e-9 price units, e.g. 250,000,000 for 0.25. */
  readonly tickUnits: number;
  /** Dollars of one point of one contract; null when not known. */
  readonly pointValue: number | null;
  /** Digits after the decimal point in which a price is shown. */
  readonly decimals: number;
  /** Where tick and point value come from. */
  readonly source: "definition" | "product table";
}
