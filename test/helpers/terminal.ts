/** The built program in a real terminal (tmux): keys in, what a person sees out. */
import { execFileSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { NO_SETTINGS, programPath } from "./run-program.ts";

/** Whether there is a tmux to run in. */
export function hasTerminal(): boolean {
  try {
    execFileSync("tmux", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export interface TerminalSession {
  screen(): string;
  press(...keys: readonly string[]): void;
  /** Waits until the screen matches; fails with what is on it. */
  until(pattern: RegExp | ((screen: string) => boolean), limitMs?: number): Promise<string>;
  resize(columns: number, rows: number): void;
  /** Process id of the program. */
  pid(): number;
  /** The terminal's own state: alternate screen on, cursor shown. */
  state(): { readonly alternate: boolean; readonly cursor: boolean };
  close(): void;
}

let count = 0;

/** A shell in a terminal of this size that has been told to run the program. The shell stays when the program ends. */
export function startInTerminal(size: { columns: number; rows: number }, args: string, env = ""): TerminalSession {
  const session = startShell(size, "env PS1='shell> ' bash --norc --noprofile");
  session.press("-l", `env -u CI -u NO_COLOR XDG_CONFIG_HOME=${NO_SETTINGS.XDG_CONFIG_HOME} XDG_CACHE_HOME=${NO_SETTINGS.XDG_CACHE_HOME} ${env} ${process.execPath} ${programPath()} ${args}; echo "ended with $?"`);
  session.press("Enter");
  return session;
}

/** A shell of any kind in a terminal of this size. */
export function startShell(size: { columns: number; rows: number }, shell: string): TerminalSession {
  count += 1;
  const socket = `nq-tui-test-${process.pid}-${count}`;
  const tmux = (...words: readonly string[]): string => execFileSync("tmux", ["-L", socket, "-f", "/dev/null", ...words], { encoding: "utf8" });
  tmux("new-session", "-d", "-s", "t", "-x", String(size.columns), "-y", String(size.rows), shell);
  const send = (...keys: readonly string[]): void => void tmux("send-keys", "-t", "t", ...keys);
  const screen = (): string => tmux("capture-pane", "-p", "-t", "t");
  return {
    screen,
    press: send,
    async until(pattern, limitMs = 30_000) {
      const matches = typeof pattern === "function" ? pattern : (text: string): boolean => pattern.test(text);
      const end = performance.now() + limitMs;
      for (let shown = screen(); ; shown = screen()) {
        if (matches(shown)) return shown;
        if (performance.now() > end) throw new Error(`${String(pattern)} did not appear:\n${shown}`);
        await sleep(50);
      }
    },
    resize: (columns, rows) => void tmux("resize-window", "-t", "t", "-x", String(columns), "-y", String(rows)),
    pid() {
      const shell = tmux("list-panes", "-t", "t", "-F", "#{pane_pid}").trim();
      return Number(execFileSync("pgrep", ["-P", shell], { encoding: "utf8" }).trim());
    },
    state() {
      const [alternate, cursor] = tmux("display-message", "-p", "-t", "t", "#{alternate_on} #{cursor_flag}").trim().split(" ");
      return { alternate: alternate === "1", cursor: cursor === "1" };
    },
    close: () => void tmux("kill-server"),
  };
}
