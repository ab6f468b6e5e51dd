/**
 * The version text of a greeting. Our own gateway adds what it serves, so that no client can take its market for a live
 * one; Databento's clients treat the text as informative and accept any.
 */

/** What a gateway that is not Databento's serves. */
export type ServedMarket = "demo" | "replay";

/** The version seen in production, then our name and what is served: `0.9.4 nq-tui demo`. */
export function gatewayVersionText(served: ServedMarket): string {
  return `0.9.4 nq-tui ${served}`;
}

/** What a gateway with this version text serves; null for a live market. */
export function servedMarketOf(versionText: string): ServedMarket | null {
  const found = / nq-tui (demo|replay)$/.exec(versionText)?.[1];
  return found === "demo" || found === "replay" ? found : null;
}
