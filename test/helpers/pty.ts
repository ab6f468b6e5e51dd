/** The built program in a pseudo-terminal of any size, with a terminal emulator behind it: bytes in, what a person sees out. */
import { execFileSync, spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import xterm from "@xterm/headless";
import { NO_SETTINGS, programPath } from "./run-program.ts";

const HOLDER = fileURLToPath(new URL("hold_terminal.py", import.meta.url));

/** Whether there is a Python to hold a pseudo-terminal. */
export function hasPty(): boolean {
  try {
    execFileSync("python3", ["-c", "import pty, termios"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Whether the terminal gives whole lines and shows what is typed, as a shell finds it. */
export interface Modes {
  readonly lines: boolean;
  readonly echo: boolean;
}

type Answer = { pid: number } | { exit: number } | { modes: Modes };

const running = new Set<ChildProcessWithoutNullStreams>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** What an emulator can be, where the terminal lies about its size. */
function emulated(cells: number, least: number): number {
  return Math.min(400, Math.max(least, cells));
}

export class PtySession {
  readonly emulator: xterm.Terminal;
  /** Everything that was written so far, as it came. */
  written = "";
  bytes = 0;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: Answer[] = [];
  /** What the holder itself had to say. */
  #complaints = "";
  readonly #heard = new Set<() => void>();
  /** The exit status; negative: ended by that signal. */
  readonly ended: Promise<number>;

  constructor({ columns, rows }: Size, argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.emulator = new xterm.Terminal({ cols: emulated(columns, 2), rows: emulated(rows, 1), allowProposedApi: true, scrollback: 200 });
    const inherited = { ...process.env, TERM: "xterm-256color", COLORTERM: "", LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
    for (const name of ["DATABENTO_API_KEY", "NQ_TUI_GATEWAY_KEY", "CI", "NO_COLOR", "TMUX"]) Reflect.deleteProperty(inherited, name);
    this.#child = spawn("python3", [HOLDER, String(columns), String(rows), ...argv], { env: { ...inherited, ...NO_SETTINGS, ...env } });
    running.add(this.#child);
    this.#child.stdin.on("error", () => {}); // it is over already
    this.#child.once("close", () => running.delete(this.#child));
    this.#child.stdout.on("data", (part: Buffer) => {
      this.bytes += part.length;
      this.written += part.toString("latin1");
      this.emulator.write(part);
    });
    let line = "";
    this.#child.stderr.on("data", (part: Buffer) => {
      const lines = (line + part.toString()).split("\n");
      line = lines.pop() ?? "";
      for (const one of lines) {
        if (one.startsWith("{")) this.#answers.push(JSON.parse(one) as Answer);
        else this.#complaints += `${one}\n`;
      }
      for (const wake of this.#heard) wake();
    });
    this.ended = this.#answer((answer) => ("exit" in answer ? answer.exit : null));
  }

  #answer<Value>(pick: (answer: Answer) => Value | null): Promise<Value> {
    return new Promise((resolve) => {
      const look = (): void => {
        for (const answer of this.#answers) {
          const value = pick(answer);
          if (value === null) continue;
          this.#heard.delete(look);
          resolve(value);
          return;
        }
      };
      this.#heard.add(look);
      look();
    });
  }

  #tell(command: object): void {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  pid(): Promise<number> {
    return this.#answer((answer) => ("pid" in answer ? answer.pid : null));
  }

  /** Types bytes; characters above 255 as UTF-8. */
  type(text: string | Uint8Array): void {
    this.#tell({ write: Buffer.from(text as string).toString("base64") });
  }

  /** Another size; the emulator follows where it can. */
  resize(columns: number, rows: number): void {
    this.emulator.resize(emulated(columns, 2), emulated(rows, 1));
    this.#tell({ size: [columns, rows] });
  }

  /** From now on so many bytes a second are read at most; null: as many as there are. */
  rate(bytesPerSecond: number | null): void {
    this.#tell({ rate: bytesPerSecond });
  }

  async modes(): Promise<Modes> {
    const before = this.#answers.length;
    this.#tell({ modes: true });
    return this.#answer((answer) => ("modes" in answer && this.#answers.indexOf(answer) >= before ? answer.modes : null));
  }

  get isAlternate(): boolean {
    return this.emulator.buffer.active.type === "alternate";
  }

  /** Whether the terminal reports the mouse, as far as it was told. */
  get reportsMouse(): boolean {
    return this.emulator.modes.mouseTrackingMode !== "none";
  }

  /** What is seen, blanks at the ends of lines cut. */
  async screen(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.emulator.write("", resolve);
    });
    const { active } = this.emulator.buffer;
    return Array.from({ length: this.emulator.rows }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true, 0, this.emulator.cols).trimEnd() ?? "").join("\n");
  }

  /** Waits until the screen is as wanted; fails with what is on it. */
  async until(wanted: RegExp | ((screen: string) => boolean), limitMs = 15_000): Promise<string> {
    const matches = typeof wanted === "function" ? wanted : (screen: string): boolean => wanted.test(screen);
    const end = performance.now() + limitMs;
    for (;;) {
      const screen = await this.screen();
      if (matches(screen)) return screen;
      if (performance.now() > end) throw new Error(`${String(wanted)} did not appear:\n${screen}\n${this.#complaints}`);
      await sleep(40);
    }
  }

  close(): void {
    this.#child.stdin.end();
    this.#child.kill("SIGTERM");
  }
}

/** `nq-tui ARGS` alone in a terminal of this size. */
export function programInPty(size: Size, args: readonly string[], env: Readonly<Record<string, string>> = {}): PtySession {
  return new PtySession(size, [process.execPath, programPath(), ...args], env);
}

/** A shell with job control in a terminal of this size, told to run `nq-tui ARGS` and to say how it ended. */
export function shellInPty(size: Size, args: string, env: Readonly<Record<string, string>> = {}): PtySession {
  const session = new PtySession(size, ["bash", "--norc", "--noprofile", "-i"], env);
  session.type(`${process.execPath} ${programPath()} ${args}; echo "ended with $?"\r`);
  return session;
}
