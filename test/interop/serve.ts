/** Trial gateway without the commands. */
import { randomBytes } from "node:crypto";
import { createDemoSource } from "../../src/gateway/demo/demo-source.ts";
import { demoTimeOfDay } from "../../src/gateway/demo/demo-day.ts";
import { startGateway } from "../../src/gateway/gateway.ts";
import { ApiKey } from "../../src/lsg/api-key.ts";

const args = process.argv.slice(3);
const flag = (name: string): string | null => { const at = args.indexOf(name); return at < 0 ? null : (args[at + 1] ?? null); };
const [h = 0, m = 0, s = 0] = (flag("--start-at") ?? "9:29:30").split(":").map(Number);
const speed = flag("--speed") ?? "1";
const key = "db-nqtuiLocalGateway000000000000";
const source = createDemoSource({ startAt: demoTimeOfDay(h * 3600 + m * 60 + s) });
const version = flag("--dbn");
const gateway = await startGateway({
  source, apiKeys: [ApiKey.parse(key)],
  clock: {
    wallMs: () => Date.now(), monotonicMs: () => performance.now(),
    after: (ms, run) => { const t = setTimeout(run, ms); return () => clearTimeout(t); },
  },
  nextChallenge: () => randomBytes(16).toString("hex"),
  speed: speed === "max" ? Infinity : Number(speed),
  dbnVersion: version === "3" ? 3 : version === "2" ? 2 : 1,
  wsPort: flag("--ws-port") === null ? null : 0,
  onEvent: (e) => process.stderr.write(JSON.stringify(e, (_k, v) => typeof v === "bigint" ? String(v) : v) + "\n"),
});
process.stdout.write(`serving the demo market (simulated) as GLBX.MDP3\ntcp 127.0.0.1:${gateway.port}\nws ws://127.0.0.1:${gateway.wsPort}\nkey ${key}\n`);
