/** Does the tree keep its own rules, and would the checker notice if it did not? */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { checkTree } from "./tidy/check-tree.ts";

const root = path.resolve(import.meta.dirname, "..");
const FILES_MIN = 60;
const DOC = "/** What is this? A planted file. */\n";

function treeOnDisk(): Record<string, string> {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root });
  const names = String(listed)
    .split("\0")
    .filter((name) => /\.(ts|tsx|mjs|css)$/.test(name) && existsSync(path.join(root, name)));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, name), "utf8")]));
}

function rulesBroken(files: Record<string, string>): string[] {
  return [...new Set(checkTree(files).problems.map((problem) => problem.rule))];
}

const tree = treeOnDisk();

test(`the tree keeps every rule, and more than ${FILES_MIN} files were looked at`, () => {
  const { problems, codeCount } = checkTree(tree);
  const lines = problems.map(({ path: place, line, rule, message }) => `${place}:${line} ${rule}: ${message}`);
  assert.ok(lines.length === 0, `\n${lines.join("\n")}`);
  assert.ok(codeCount > FILES_MIN, `only ${codeCount} files were seen`);
});

test("every part of the layout was looked at", () => {
  const tops = new Set(Object.keys(tree).map((name) => name.split("/")[0]));
  for (const top of ["lib", "server", "components", "app", "tests", "scripts"]) assert.ok(tops.has(top), top);
});

/** One planted fault: the file, its text after the docstring, and a word of the message (empty: any). */
const WRONG_IMPORTS: readonly [string, string, string][] = [
  ["lib/bars/a.ts", 'import { b } from "#lib/indicators/b.ts";', "not to its left"],
  ["lib/bars/a.ts", 'import { b } from "../simulator/b.ts";', "not to its left"],
  ["lib/units.ts", 'import type { B } from "#lib/events/b.ts";', "not to its left"],
  ["lib/wire/a.ts", 'import { b } from "#lib/engine/b.ts";', "not to its left"],
  ["lib/engine/a.ts", 'import { b } from "#lib/wire/b.ts";', "not to its left"],
  ["lib/oddments/a.ts", 'import { b } from "#lib/units.ts";', "no place"],
  ["lib/bars/a.ts", 'import { readFileSync } from "node:fs";', "only zod"],
  ["lib/bars/a.ts", 'export const a = await import("dayjs");', "only zod"],
  ["lib/bars/a.ts", 'import { b } from "#server/b.ts";', "only lib"],
  ["server/a.ts", 'import { b } from "#components/ui/b.ts";', "server imports"],
  ["server/a.ts", 'import { b } from "#tests/support/b.ts";', "server imports"],
  ["server/http/a.ts", 'import { createEngine } from "#lib/engine/engine.ts";', "the engine is run"],
  ["server/handlers/a.ts", 'import { b } from "./b.ts";', "each other"],
  ["server/handlers/a.ts", 'import { b } from "#lib/bars/b.ts";', "only outputs and wire"],
  ["components/chart/a.ts", 'import { b } from "#components/scanner/b.ts";', "never import each other"],
  ["components/ui/a.ts", 'import { b } from "../chart/b.ts";', "never import each other"],
  ["components/chart/a.ts", 'import { b } from "#lib/bars/b.ts";', "reach the browser"],
  ["components/chart/a.ts", 'import { b } from "#server/b.ts";', "components imports"],
  ["components/chart/a.ts", 'import path from "node:path";', "the browser has no"],
  ["app/page.tsx", 'export { b } from "#lib/engine/b.ts";', "reach the browser"],
];

test("imports against the arrows are found", () => {
  for (const [place, text, word] of WRONG_IMPORTS) {
    const { problems } = checkTree({ [place]: `${DOC}${text}\nexport const z = 1;\n` });
    const found = problems.filter((problem) => problem.rule === "import" && problem.line === 2);
    assert.equal(found.length, 1, `${place}: ${text}`);
    assert.match(found[0]?.message ?? "", new RegExp(word), `${place}: ${text}`);
  }
});

test("imports along the arrows are left alone", () => {
  const good: [string, string][] = [
    [
      "lib/bars/a.ts",
      'import { b } from "#lib/units.ts";\nimport { c } from "../events/c.ts";\nimport { z } from "zod";',
    ],
    ["lib/backtest/a.ts", 'import { createEngine } from "#lib/engine/engine.ts";'],
    ["server/sequencer/a.ts", 'import { createEngine } from "#lib/engine/engine.ts";'],
    ["server/app.ts", 'import type { Engine } from "#lib/engine/engine.ts";\nimport { b } from "#server/b.ts";'],
    ["components/chart/a.ts", 'import type { Bar } from "#lib/bars/b.ts";\nimport { q } from "#lib/wire/q.ts";'],
    ["components/chart/a.ts", 'import { b } from "./b.ts";\nimport { c } from "#components/live/c.ts";'],
    ["app/page.tsx", 'import { b } from "#components/chart/b.tsx";'],
  ];
  for (const [place, text] of good) assert.deepEqual(rulesBroken({ [place]: `${DOC}${text}\n` }), [], text);
});

const IMPURE: readonly string[] = [
  "export const a = () => Date.now();",
  "export const a = () => new Date();",
  "export const a = (d: { getHours(): number }) => d.getHours();",
  "export const a = () => Math.random();",
  "export const a = () => performance.now();",
  "export const a = () => setTimeout(() => 1, 1);",
  "export const a = () => process.env.A;",
  "export const a = () => fetch('x');",
  "export const a = () => console.log(1);",
  "export const a = () => crypto.randomUUID();",
  "export const a = () => structuredClone({});",
  "export const a = () => globalThis.x as number;",
  "export const a = () => new Intl.NumberFormat();",
  "export const a = (n: number) => n.toLocaleString();",
  "export const a = (s: string) => s.localeCompare('b');",
  "export const a = (n: number) => n ** 2;",
  "export const a = (n: number) => Math.pow(n, 2);",
  "let a = 0;\nexport const b = () => a;",
  "const seen = new Map<string, number>();\nexport const b = (k: string) => seen.set(k, 1);",
  "const seen: number[] = [];\nexport function b(n: number) { seen[0] = n; }",
  "const seen = { n: 0 };\nexport function b() { seen.n++; }",
];

test("impurities of lib are found", () => {
  for (const text of IMPURE) assert.deepEqual(rulesBroken({ "lib/bars/a.ts": `${DOC}${text}\n` }), ["purity"], text);
});

test("what only looks impure is left alone", () => {
  const pure = [
    "export type A = { process: (a: Date) => void; fetch: number };",
    "export function process(a: number) { return a; }\nexport const b = () => process(1);",
    "export const a = (o: { process(): void; now: number }) => o.process();",
    "export const a = () => { const seen = new Map<string, number>(); seen.set('a', 1); return seen; };",
    "const table = new Map([['a', 1]]);\nexport const b = (k: string) => table.get(k);",
    "export const a = () => Date.UTC(2024, 1, 1);",
    "// Date.now() and Math.random() in a comment\nexport const a = 'new Date() ** fetch';",
  ];
  for (const text of pure) assert.deepEqual(rulesBroken({ "lib/bars/a.ts": `${DOC}${text}\n` }), [], text);
  const locale = "export const a = new Intl.NumberFormat();\nexport const b = (n: number) => n.toLocaleString();\n";
  assert.deepEqual(rulesBroken({ "lib/format.ts": `${DOC}${locale}` }), []);
});

test("broken shapes are found, one rule each", () => {
  const lines = (count: number) => "export const a = 1;\n".repeat(count).replace(/a = /g, () => `a${serial++} = `);
  let serial = 0;
  const planted: [string, string, string][] = [
    ["file-length", "server/a.ts", `${DOC}${lines(400)}`],
    ["function-length", "server/a.ts", `${DOC}export function a() {\n${"  a();\n".repeat(69)}}\n`],
    ["line-width", "server/a.ts", `${DOC}// ${"x".repeat(118)}\n`],
    ["docstring", "server/a.ts", "export const a = 1;\n"],
    ["docstring", "components/ui/a.tsx", '"use client";\n\nexport const a = 1;\n'],
    ["name", "server/utils.ts", `${DOC}export const a = 1;\n`],
    ["name", "lib/math/helpers/a.ts", `${DOC}export const a = 1;\n`],
    ["name", "server/MyFile.ts", `${DOC}export const a = 1;\n`],
    ["default-export", "server/a.ts", `${DOC}export default 1;\n`],
    ["barrel", "server/a.ts", `${DOC}export { b } from "./b.ts";\n`],
    ["open-end", "server/a.ts", `${DOC}// TODO later\nexport const a = 1;\n`],
    ["colour", "components/ui/a.ts", `${DOC}export const a = "1px solid #1a2b3c";\n`],
    ["colour", "components/ui/a.ts", `${DOC}export const a = (n: number) => \`rgb(10, \${n}, 3)\`;\n`],
    ["colour", "components/ui/a.module.css", ".a { color: #fff; }\n"],
  ];
  for (const [rule, place, text] of planted) {
    const broken = rulesBroken({ [place]: text, ...clean(25) });
    assert.deepEqual(broken, [rule], `${rule} in ${place}`);
  }
  assert.deepEqual(rulesBroken({ "server/a.ts": `${DOC}${lines(300)}`, ...clean(10) }), ["long-files"]);
});

function clean(count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`server/clean-${i}.ts`, `${DOC}export const a = ${i};\n`]),
  );
}

test("good shapes are left alone", () => {
  const good: Record<string, string> = {
    "components/ui/theme.ts": `${DOC}export const a = "#1a2b3c";\n`,
    "components/ui/tokens.css": ":root { --up: #26a69a; }\n",
    "components/ui/a.tsx": `"use client";\n\n${DOC}import { b } from "#components/ui/fade.ts";\nexport const a = b;\n`,
    "app/chart/[root]/page.tsx": `${DOC}export default function Page() {\n  return null;\n}\n`,
    "server/b.ts": `${DOC}export function a() {\n${"  a();\n".repeat(68)}}\n`,
  };
  assert.deepEqual(rulesBroken({ ...good, ...clean(25) }), []);
});
