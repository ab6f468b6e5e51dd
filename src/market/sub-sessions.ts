/**
 * The parts of a session as traders name them. They overlap as people use them; here each second is in one, by the order
 * regular hours > US pre-market > London > Asia > post.
 */

export type SubSessionName =
  | "Asia" | "London" | "US pre-market" | "RTH morning" | "RTH midday" | "RTH afternoon" | "post"
  /** From 09:30 ET on a day without regular hours. */
  | "US holiday";

export interface SubSession {
  readonly name: SubSessionName;
  /** Unix seconds; the end is the next one's start, or the close. */
  readonly startSec: number;
  readonly endSec: number;
}

export interface SessionHours {
  readonly openSec: number;
  readonly closeSec: number;
  readonly rthOpenSec: number;
  readonly rthCloseSec: number;
  readonly londonOpenSec: number;
  readonly hasRth: boolean;
}

type Border = readonly [name: SubSessionName, startSec: number];

/**
 * A session's parts; `eastern` gives the unix seconds of an Eastern wall time on its date. In the weeks in which Europe
 * has other clocks London opens at 04:00 ET, with the US pre-market: then there is no London part. Without regular
 * hours there is no pre-market either.
 */
export function subSessionsOf(hours: SessionHours, eastern: (time: string) => number): readonly SubSession[] {
  const { openSec, closeSec, londonOpenSec, rthOpenSec, rthCloseSec, hasRth } = hours;
  const cash: readonly Border[] = [
    ["US pre-market", eastern("04:00")],
    ["RTH morning", rthOpenSec],
    ["RTH midday", eastern("12:00")],
    ["RTH afternoon", eastern("14:00")],
    ["post", rthCloseSec],
  ];
  const borders: readonly Border[] = [
    ["Asia", openSec],
    ["London", londonOpenSec],
    ...(hasRth ? cash : [["US holiday", eastern("09:30")] as const]),
  ];
  const parts: SubSession[] = [];
  for (const [index, [name, startSec]] of borders.entries()) {
    // A part ends where any later one begins: regular hours that end early cut those after them off.
    const endSec = Math.min(closeSec, ...borders.slice(index + 1).map(([, start]) => start));
    if (endSec > startSec) parts.push({ name, startSec, endSec });
  }
  return parts;
}
