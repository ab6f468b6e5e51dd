/** A gateway on loopback and clients of it, closed after each test. */
import { afterEach } from "vitest";
import { startGateway, type Gateway, type GatewayOptions } from "../../src/gateway/gateway.ts";
import type { GatewayEvent } from "../../src/gateway/session-options.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";
import { realClock } from "../client/hand-clock.ts";
import { memorySource, tradeAt } from "./memory-source.ts";
import { KEY_TEXT, RawClient } from "./raw-client.ts";

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

export interface Rig extends Gateway {
  readonly events: GatewayEvent[];
  client(): RawClient;
  /** A client that is authenticated and has sent these lines. */
  session(lines: readonly string[], more?: string): Promise<RawClient>;
}

let challenges = 0;

/** Serves a few trades at endless speed unless told otherwise. */
export async function rig(options: Partial<GatewayOptions> = {}): Promise<Rig> {
  const events: GatewayEvent[] = [];
  const gateway = await startGateway({
    source: memorySource({ records: [tradeAt(0, { sequence: 1 }), tradeAt(5, { sequence: 2 }), tradeAt(9, { sequence: 3 })] }),
    apiKeys: [ApiKey.parse(KEY_TEXT)],
    clock: realClock,
    speed: Number.POSITIVE_INFINITY,
    nextChallenge: () => String((challenges += 1)).padStart(32, "c"),
    onEvent: (event) => events.push(event),
    ...options,
  });
  cleanups.push(() => gateway.close());
  const client = (): RawClient => {
    const one = new RawClient(gateway.port);
    cleanups.push(() => one.close());
    return one;
  };
  return {
    ...gateway,
    events,
    client,
    async session(lines, more = "") {
      const one = client();
      await one.authenticate(more);
      one.send(...lines);
      return one;
    },
  };
}

export function onCleanup(run: () => void | Promise<void>): void {
  cleanups.push(run);
}
