/** `npm run picture`: draws docs/screen.svg and docs/pictures anew and writes what the documents have from the program. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { demoScreen } from "./demo-screen.ts";
import { PICTURE_TITLE, README_KEYS, readmeWithKeys, settingsDocument } from "./documents.ts";
import { formulasWithExamples } from "./formulas.ts";
import { gallery } from "./gallery.ts";
import { svgOf } from "../../src/ui/svg.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
mkdirSync(`${root}docs`, { recursive: true });
writeFileSync(`${root}docs/screen.svg`, svgOf(await demoScreen(), PICTURE_TITLE));
mkdirSync(`${root}docs/pictures`, { recursive: true });
for (const [name, svg] of await gallery()) writeFileSync(`${root}docs/pictures/${name}`, svg);
const readme = readFileSync(`${root}README.md`, "utf8");
if (!README_KEYS.test(readme)) throw new Error("README.md has no place for the key table");
writeFileSync(`${root}README.md`, readmeWithKeys(readme));
writeFileSync(`${root}docs/config.yaml`, settingsDocument());
const formulas = `${root}docs/formulas.md`;
writeFileSync(formulas, formulasWithExamples(readFileSync(formulas, "utf8")));
