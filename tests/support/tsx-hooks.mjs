/** How do component tests run in plain Node? `.tsx` goes through esbuild, styles become names. */

import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

/** A class map of a CSS module: every name is its own class; a plain style sheet gives the same and nobody reads it. */
const STYLE_SOURCE =
  "export default new Proxy({}, { get: (_, name) => (typeof name === 'string' ? name : undefined) });";

registerHooks({
  resolve(specifier, context, nextResolve) {
    // NOTE: next has no `exports` map, so Node wants the file's ending that bundlers add.
    return nextResolve(/^next\/[a-z]+$/.test(specifier) ? `${specifier}.js` : specifier, context);
  },
  load(url, context, nextLoad) {
    const { pathname } = new URL(url);
    if (pathname.endsWith(".css")) return { format: "module", source: STYLE_SOURCE, shortCircuit: true };
    if (!pathname.endsWith(".tsx")) return nextLoad(url, context);
    const source = readFileSync(fileURLToPath(url), "utf8");
    const { code } = transformSync(source, {
      loader: "tsx",
      jsx: "automatic",
      format: "esm",
      target: "node24",
      sourcefile: fileURLToPath(url),
      sourcemap: "inline",
    });
    return { format: "module", source: code, shortCircuit: true };
  },
});
