/** The levels of the session before: from its trades where they were seen, else from the venue's statistics. */

export interface PriorDay {
  /** `2025-06-12`. */
  readonly tradeDate: string;
  /** Of the whole session, 18:00 to 17:00. */
  readonly highTicks: number | null;
  readonly lowTicks: number | null;
  /** Its last trade; the settlement is another figure. */
  readonly closeTicks: number | null;
  /** Of its regular hours; the close is the last trade before their end. */
  readonly rthHighTicks: number | null;
  readonly rthLowTicks: number | null;
  readonly rthCloseTicks: number | null;
  /** `statistics`: the venue's session high and low; it states none for regular hours. */
  readonly source: "trades" | "statistics";
}
