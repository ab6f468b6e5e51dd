/** The way to connect that an endpoint names. */
import { createReadBuffer, dialTcp } from "./dial-tcp.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Dial } from "./transport.ts";

/** `label` is the endpoint as it may be shown. */
export function dialFor(endpoint: Endpoint, label: string): Dial | Promise<Dial> {
  if (endpoint.transport === "ws") {
    // Brings HTTP and TLS along, which TCP does without.
    return import("./dial-ws.ts").then(({ dialWs }) => (handlers) => dialWs(endpoint.url, label, handlers));
  }
  const buffer = createReadBuffer();
  return (handlers) => dialTcp(endpoint, label, buffer, handlers);
}
