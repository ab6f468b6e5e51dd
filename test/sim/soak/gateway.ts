/** The gateway of a soak, a process of its own: the demo's day from its open on, served as a live market would be. */
import { createDemoSource } from "../../../src/gateway/demo/demo-source.ts";
import { startGateway } from "../../../src/gateway/gateway.ts";
import { ApiKey } from "../../../src/lsg/api-key.ts";
import { LOCAL_KEY_TEXT, randomChallenge } from "../../../src/commands/local-gateway.ts";
import { createSystem } from "../../../src/commands/system.ts";
import { fastClock, type FastTime } from "./fast-clock.ts";
import { taped } from "./taped-source.ts";

const time = JSON.parse(process.argv[2] ?? "") as FastTime;
const system = createSystem();
const source = await taped(createDemoSource({ startAt: { sec: Math.floor(time.marketMs / 1000), nanos: 0 } }));
const clock = fastClock({ ...time, startedMs: Date.now() });
const gateway = await startGateway({
  // A tape is asked for as a whole after each loss; a live market from a margin before it.
  source: { ...source, mode: "live" as "demo" },
  apiKeys: [ApiKey.parse(LOCAL_KEY_TEXT)],
  clock,
  clockStarts: "at-once",
  endOfSource: "stay",
  nextChallenge: () => randomChallenge(system),
});
process.stdout.write(`tcp ${gateway.port}\n`);
process.once("SIGTERM", () => void gateway.close());
