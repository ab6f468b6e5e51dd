/** What a gateway shares with every session it serves. */
import type { DbnVersion } from "../dbn/constants.ts";
import type { Clock } from "../lib/clock.ts";
import type { NqError } from "../lib/errors.ts";
import type { MarketClock } from "./market-clock.ts";
import type { SymbolResolver } from "./resolve-symbols.ts";
import type { GatewaySource } from "./source.ts";

/** For logging. Nothing in it is secret; `client` and `text` are sanitised. */
export type GatewayEvent =
  | {
      readonly kind: "connected";
      readonly connection: number;
      readonly transport: "tcp" | "ws";
      readonly peer: string;
    }
  | { readonly kind: "authenticated"; readonly connection: number; readonly sessionId: string; readonly client: string }
  | {
      readonly kind: "subscribed";
      readonly connection: number;
      readonly schema: string;
      readonly symbols: readonly string[];
    }
  | { readonly kind: "started"; readonly connection: number }
  | { readonly kind: "refused"; readonly connection: number; readonly text: string }
  /** The client does not keep pace with the market. */
  | { readonly kind: "slow"; readonly connection: number }
  /** The client took nothing for too long and was left. */
  | { readonly kind: "given-up"; readonly connection: number }
  | { readonly kind: "failed"; readonly connection: number; readonly error: NqError }
  | { readonly kind: "closed"; readonly connection: number; readonly records: number; readonly bytes: number };

export interface SessionShared {
  readonly source: GatewaySource;
  readonly clock: Clock;
  readonly market: MarketClock;
  readonly resolver: SymbolResolver;
  readonly dbnVersion: DbnVersion;
  readonly endOfSource: "close" | "stay";
  readonly onEvent: (event: GatewayEvent) => void;
}
