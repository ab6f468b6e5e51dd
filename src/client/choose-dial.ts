/** The way to connect that an endpoint names. */
import { createReadBuffer, dialTcp } from "./dial-tcp.ts";
import type { Endpoint } from "./endpoint.ts";
import type { LiveClientOptions } from "./live-options.ts";
import type { Dial } from "./transport.ts";

type ReadingOptions = Pick<LiveClientOptions, "clock" | "restMs">;

/** `label` is the endpoint as it may be shown; `restMs` as in `LiveClientOptions`. */
export function dialFor(endpoint: Endpoint, label: string, { clock, restMs = 0 }: ReadingOptions): Dial | Promise<Dial> {
  if (endpoint.transport === "ws") {
    // Brings HTTP and TLS along, which TCP does without.
    return import("./dial-ws.ts").then(({ dialWs }) => (handlers) => dialWs(endpoint.url, label, handlers));
  }
  const buffer = createReadBuffer();
  return (handlers) => dialTcp(endpoint, { label, buffer, clock, restMs }, handlers);
}
