/** The program's version, read from its package. */
import manifest from "../../package.json" with { type: "json" };

/** e.g. `0.1.0`. */
export const VERSION: string = manifest.version;
