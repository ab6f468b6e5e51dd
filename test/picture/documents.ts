/** What the documents hold that is made from the program. */
import { explainedSettings } from "../../src/config/template.ts";
import { createKeyMap } from "../../src/ui/key-map.ts";
import { keyTable } from "../../src/ui/keys.ts";
import { PANES } from "../../src/ui/panes/index.ts";

export const PICTURE_TITLE = "nq-tui showing the demo market at 10:58:31 Eastern, simulated prices";
/** The place of the key table. */
export const README_KEYS: RegExp = /(<!-- keys -->\n)[\s\S]*?(<!-- \/keys -->)/;

export function readmeWithKeys(readme: string): string {
  return readme.replace(README_KEYS, (_, before: string, after: string) => `${before}${keyTable(createKeyMap(PANES).map)}\n${after}`);
}

/** docs/config.yaml: the settings file that explains itself. */
export const settingsDocument = (): string => explainedSettings(createKeyMap(PANES).map);
