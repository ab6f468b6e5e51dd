/** A notification of the desktop, by the program that the system has for it. */

/** Markup means something to some notification services. */
function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The program and its arguments; null where there is none. */
export function desktopProgram(platform: string, title: string, body: string): readonly string[] | null {
  if (platform === "darwin") {
    const script = ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"];
    return ["osascript", ...script.flatMap((line) => ["-e", line]), title, body];
  }
  if (platform === "win32") return null;
  return ["notify-send", "--app-name=nq-tui", "--", title, plain(body)];
}
