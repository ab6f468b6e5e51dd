/** Our gateway as a process of its own, as a user starts it. */
import { startChild } from "./children.ts";

export interface GatewayProcess {
  readonly port: number;
  readonly wsUrl: string;
  readonly key: string;
  readonly pid: number;
}

const READY_LIMIT_MS = 30_000;

/** Starts `nq-tui gateway` on free ports; resolves when it listens. It lives until the run ends, at most `limitMs`. */
export function startGatewayProcess(
  program: string,
  flags: readonly string[],
  limitMs: number,
): Promise<GatewayProcess> {
  return new Promise((resolve, reject) => {
    const name = `gateway ${flags.join(" ")}`;
    let [port, wsUrl]: [number, string] = [0, ""];
    const args = [program, "gateway", "--port", "0", "--ws-port", "0", ...flags];
    const child = startChild(process.execPath, args, limitMs, (line) => {
      const [word = "", value = ""] = line.split(" ");
      if (word === "tcp") port = Number(value.split(":").at(-1));
      else if (word === "ws") wsUrl = value;
      else if (word === "key") {
        clearTimeout(timer);
        if (port === 0) reject(new Error(`expected the port before the key from ${name}`));
        else resolve({ port, wsUrl, key: value, pid: child.pid });
      }
    });
    const timer = setTimeout(() => {
      child.kill();
      reject(new Error(`expected ${name} to listen within ${READY_LIMIT_MS / 1000} s`));
    }, READY_LIMIT_MS);
    void child.exited.then((code) => {
      clearTimeout(timer);
      reject(new Error(`${name} ended with ${code ?? "a signal"}: ${child.stderr().slice(-300)}`));
    });
  });
}
