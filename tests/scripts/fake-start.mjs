/** How do the launcher's tests start it? As `npm start` does, on fake children; arguments: `--data …`, `--web …`. */

import path from "node:path";
import { launch } from "../../scripts/launch.mjs";

const fake = path.join(import.meta.dirname, "fake-child.mjs");
const argv = process.argv.slice(2);
const webAt = argv.indexOf("--web");

const code = await launch({
  root: path.resolve(import.meta.dirname, "../.."),
  command: process.execPath,
  dataServiceArgs: [fake, "data-service", ...argv.slice(1, webAt)],
  webArgs: [fake, "web", ...argv.slice(webAt + 1)],
  env: process.env,
  say: (line) => console.log(line),
});
process.exit(code);
