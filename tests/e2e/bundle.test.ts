/** What does the browser load? Little enough, and nothing of the engine, the simulator, the codec or zod. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { buildPages, startWeb, type WebProcess } from "../support/product.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const STATIC = path.join(ROOT, ".next", "static");
const FIRST_LOAD_KB_MAX = 350;

/** Folders of lib that the browser has no business with. */
const SERVER_ONLY = ["engine", "simulator", "events", "bars"] as const;
const LITERAL_LENGTH_MIN = 14;

/** Every script of the build, as one text each. */
function builtScripts(): { name: string; text: string }[] {
  return readdirSync(STATIC, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => ({ name, text: readFileSync(path.join(STATIC, name), "utf8") }));
}

function sourcesOf(folder: string, isDeep: boolean): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: isDeep, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(path.join(ROOT, folder, name), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""));
}

/** Plain string and template pieces of a source, long enough to be nobody else's; a minifier keeps them. */
function literalsOf(source: string): string[] {
  const pieces = [...source.matchAll(/"([^"\\\n]*)"|`([^`]*)`/g)].flatMap(([, plain, template]) =>
    plain === undefined ? template.split(/\$\{[^}]*\}/) : [plain],
  );
  return pieces.filter((text) => text.length >= LITERAL_LENGTH_MIN && !/[\\"'<>\n]|^[#.]/.test(text));
}

describe("what the browser loads", () => {
  let web: WebProcess;

  before(async () => {
    await buildPages();
    web = await startWeb();
  });

  after(() => web?.stop());

  test("nothing of lib but its root files and wire", (t) => {
    const scripts = builtScripts();
    const shared = new Set(["lib", "lib/wire"].flatMap((folder) => sourcesOf(folder, false)).flatMap(literalsOf));
    for (const source of ["components", "app"].flatMap((folder) => sourcesOf(folder, true)))
      for (const literal of literalsOf(source)) shared.add(literal);
    const isLoaded = (literal: string): boolean => scripts.some(({ text }) => text.includes(literal));
    assert.ok(isLoaded("lightweight-charts") || isLoaded("Lightweight Charts"), "the scripts looked at are the page's");
    for (const folder of SERVER_ONLY) {
      const literals = [...new Set(sourcesOf(`lib/${folder}`, true).flatMap(literalsOf))].filter(
        (one) => !shared.has(one),
      );
      t.diagnostic(`lib/${folder}: ${literals.length} literals looked for`);
      assert.ok(literals.length > 0, `no literal tells lib/${folder}`);
      assert.deepEqual(literals.filter(isLoaded), [], `lib/${folder} is in the bundle`);
    }
    for (const literal of ["ZodError", "invalid_union", "unrecognized_keys"]) {
      assert.equal(isLoaded(literal), false, `zod is in the bundle (${literal})`);
    }
  });

  test("root files of lib are found the same way, or the search above would prove nothing", () => {
    const scripts = builtScripts();
    const literals = sourcesOf("lib", false).flatMap(literalsOf);
    const found = literals.filter((literal) => scripts.some(({ text }) => text.includes(literal)));
    assert.ok(found.length > literals.length / 3, `${found.length} of ${literals.length} literals of lib's root`);
  });

  test(`the cockpit's first load is at most ${FIRST_LOAD_KB_MAX} kB of script, gzipped`, async (t) => {
    for (const page of ["/", "/chart/ES"]) {
      const html = await (await fetch(web.url + page)).text();
      const tags = [...html.matchAll(/<script\b[^>]*>/gi)].map(([tag]) => tag);
      const sources = tags.flatMap((tag) =>
        /\bnomodule\b/i.test(tag) ? [] : (/\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []),
      );
      const preloads = [...html.matchAll(/<link\b[^>]*rel="modulepreload"[^>]*href="([^"]+)"/gi)].map(
        ([, href]) => href,
      );
      let bytes = 0;
      for (const source of new Set([...sources, ...preloads])) {
        const answer = await fetch(new URL(source.replaceAll("&amp;", "&"), web.url));
        assert.equal(answer.status, 200, source);
        bytes += gzipSync(Buffer.from(await answer.arrayBuffer())).length;
      }
      t.diagnostic(`${page}: ${(bytes / 1_000).toFixed(1)} kB in ${sources.length} scripts`);
      assert.ok(sources.length > 3, `only ${sources.length} scripts found in ${page}`);
      assert.ok(bytes <= FIRST_LOAD_KB_MAX * 1_000, `${page} loads ${bytes} bytes`);
    }
  });
});
