/** Do the processes start with what keeps them small: a bounded heap, no type stripper, no compiler of pages? */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";
import { NODE_FLAGS, withMemorySettings } from "../../scripts/node-memory.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** What a process under our flags and settings says on stdout, as JSON. */
function said(root: string, args: readonly string[]): unknown {
  const env = withMemorySettings(root, { NODE_ENV: "production", PATH: process.env.PATH });
  return JSON.parse(execFileSync(process.execPath, [...NODE_FLAGS, ...args], { cwd: ROOT, env, encoding: "utf8" }));
}

test("the heap may reach about a gigabyte", (t) => {
  const script = "console.log(require('node:v8').getHeapStatistics().heap_size_limit)";
  const limitBytes = said(temporaryFolder(t), ["-e", script]);
  assert.ok(Number(limitBytes) >= 1e9 && Number(limitBytes) <= 1.2e9, `${limitBytes}`);
});

test("the second process strips no types: it reads what the first left behind", (t) => {
  const root = temporaryFolder(t);
  const file = path.join(root, "asks.ts");
  fs.writeFileSync(
    file,
    "const modules: string[] = (process as any).moduleLoadList;\n" +
      "console.log(modules.filter((name: string) => name.includes('amaro')).length);\n",
  );
  assert.deepEqual([said(root, [file]), said(root, [file])], [1, 0]);
});

test("the settings of the pages are read without Next's compiler", { skip: process.platform !== "linux" }, (t) => {
  const script = `
    const { default: loadConfig } = require("next/dist/server/config.js");
    loadConfig("phase-production-server", process.cwd()).then(({ poweredByHeader }) => {
      const maps = require("node:fs").readFileSync("/proc/self/maps", "utf8");
      console.log(JSON.stringify({ poweredByHeader, hasCompiler: maps.includes("next-swc") }));
    });`;
  assert.deepEqual(said(temporaryFolder(t), ["-e", script]), { poweredByHeader: false, hasCompiler: false });
});

test("what a variable of the process says wins", () => {
  const { MALLOC_ARENA_MAX, NODE_COMPILE_CACHE } = withMemorySettings("/product", {
    NODE_ENV: "production",
    MALLOC_ARENA_MAX: "4",
  });
  assert.deepEqual([MALLOC_ARENA_MAX, NODE_COMPILE_CACHE], ["4", "/product/node_modules/.cache/rightseat"]);
});
