/** Where a gateway is: a TCP host and port, or a WebSocket URL. */
import { NqError } from "../lib/errors.ts";
import { sanitiseText } from "../lib/sanitise.ts";

/** How to reach a gateway. */
export type Endpoint =
  | { readonly transport: "tcp"; readonly host: string; readonly port: number }
  | { readonly transport: "ws"; readonly url: string };

/** Port of Databento's live gateways. */
const DATABENTO_PORT = 13_000;
const SHOWN_MAX = 120;

/** Databento's gateway of a dataset, e.g. `GLBX.MDP3` → glbx-mdp3.lsg.databento.com. */
export function databentoEndpoint(dataset: string): Endpoint {
  const host = `${dataset.toLowerCase().replaceAll(".", "-")}.lsg.databento.com`;
  return { transport: "tcp", host, port: DATABENTO_PORT };
}

/** Throws USAGE unless the endpoint can be dialled at all. */
export function validateEndpoint(endpoint: Endpoint): void {
  if (endpoint.transport === "tcp") {
    const { host, port } = endpoint;
    if (host === "") throw new NqError("USAGE", "expected the name of a gateway, found an empty one");
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
    throw new NqError("USAGE", `expected a port from 1 to 65535, found ${port}`);
  }
  const url = URL.canParse(endpoint.url) ? new URL(endpoint.url) : null;
  if (url === null || url.hash !== "" || (url.protocol !== "ws:" && url.protocol !== "wss:")) {
    throw new NqError("USAGE", "expected a gateway URL that begins with ws:// or wss://, found another text");
  }
}

/** The endpoint as it may be shown: without credentials and query. */
export function endpointLabel(endpoint: Endpoint): string {
  if (endpoint.transport === "tcp") return sanitiseText(`${endpoint.host}:${endpoint.port}`, SHOWN_MAX);
  const url = URL.canParse(endpoint.url) ? new URL(endpoint.url) : null;
  if (url === null) return "an unreadable URL";
  return sanitiseText(`${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`, SHOWN_MAX);
}
