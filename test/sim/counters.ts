/** How many trade records a snapshot's counters account for, whatever the causes are called. */

/** Counters that are about something else than trade records, or about some of them a second time. */
const NOT_RECORDS = new Set(["quotes", "noAggressor", "oddStatistics"]);

/** Trades, those of other instruments, and everything put aside, by cause or as one. */
export function accountedTrades(counters: object): number {
  let sum = 0;
  for (const [name, value] of Object.entries(counters)) {
    if (NOT_RECORDS.has(name)) continue;
    if (typeof value === "number") sum += value;
    else if (typeof value === "object" && value !== null) sum += accountedTrades(value);
  }
  return sum;
}
