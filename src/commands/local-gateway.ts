/** Our own gateway inside this process, on loopback: what demo and replay are served by, and what `gateway` runs. */
import { startGateway, type Gateway } from "../gateway/gateway.ts";
import type { GatewaySource } from "../gateway/source.ts";
import { ApiKey, generateApiKeyText } from "../lsg/api-key.ts";
import type { DbnVersion } from "../dbn/constants.ts";
import type { System } from "./system.ts";

/** The key a gateway on loopback accepts unless another is set. Known to everybody: it guards nothing but the form. */
export const LOCAL_KEY_TEXT = "db-nqtuiLocalGateway000000000000";

const CHALLENGE_LENGTH = 32;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** 32 random letters and digits. */
export function randomChallenge(system: System): string {
  let text = "";
  while (text.length < CHALLENGE_LENGTH) {
    for (const byte of system.randomBytes(CHALLENGE_LENGTH)) {
      // Bytes above the last full turn of the alphabet would make its first letters likelier.
      if (byte < ALPHABET.length * 4 && text.length < CHALLENGE_LENGTH) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}

export interface LocalGateway {
  readonly gateway: Gateway;
  readonly apiKey: ApiKey;
}

/** A gateway that only this process can enter: loopback, any free port, a key of its own. */
export async function startLocalGateway(
  system: System,
  source: GatewaySource,
  options: { readonly speed: number; readonly dbnVersion?: DbnVersion },
): Promise<LocalGateway> {
  const apiKey = ApiKey.parse(generateApiKeyText(system.randomBytes(32)));
  const gateway = await startGateway({
    source,
    apiKeys: [apiKey],
    host: "127.0.0.1",
    port: 0,
    wsPort: null,
    clock: system.clock,
    speed: options.speed,
    nextChallenge: () => randomChallenge(system),
    endOfSource: "close",
    ...(options.dbnVersion === undefined ? {} : { dbnVersion: options.dbnVersion }),
  });
  return { gateway, apiKey };
}
