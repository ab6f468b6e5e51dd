/** Bell and notifications as codes for the terminal; text is sanitised before it gets here. */

export const BELL = "\u0007";
const ESCAPE = "\u001B";

type Env = Readonly<Record<string, string | undefined>>;

/** Terminals that are known to take one of the two; all others get both and pass over what they do not know. */
function formsOf(env: Env): { readonly nine: boolean; readonly sevens: boolean } {
  const program = env["TERM_PROGRAM"] ?? "";
  const term = env["TERM"] ?? "";
  if (program === "iTerm.app" || term.startsWith("xterm-kitty")) return { nine: true, sevens: false };
  if (program === "WezTerm" || program === "ghostty" || term.startsWith("foot") || term.startsWith("rxvt") || env["VTE_VERSION"] !== undefined) {
    return { nine: false, sevens: true };
  }
  return { nine: true, sevens: true };
}

/** tmux and screen keep such codes to themselves unless they are wrapped (tmux: with `allow-passthrough on`). */
function passed(code: string, env: Env): string {
  if (env["TMUX"] !== undefined) return `${ESCAPE}Ptmux;${code.replaceAll(ESCAPE, ESCAPE + ESCAPE)}${ESCAPE}\\`;
  if (env["STY"] !== undefined) return `${ESCAPE}P${code}${ESCAPE}\\`;
  return code;
}

/** A notification: OSC 9 (iTerm2, ConEmu …) and OSC 777 (rxvt, VTE …), whichever the terminal may know. */
export function notification(title: string, body: string, env: Env): string {
  const { nine, sevens } = formsOf(env);
  const semicolons = (text: string): string => text.replaceAll(";", ",");
  return [
    ...(nine ? [`${ESCAPE}]9;${semicolons(title)}: ${semicolons(body)}${BELL}`] : []),
    ...(sevens ? [`${ESCAPE}]777;notify;${semicolons(title)};${semicolons(body)}${BELL}`] : []),
  ].map((code) => passed(code, env)).join("");
}
