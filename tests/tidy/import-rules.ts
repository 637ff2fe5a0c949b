/** Who may import whom? The arrows of docs/ARCHITECTURE.md, checked on every import of the tree. */

import type { Import, Problem, SourceFile } from "./source-file.ts";

/** Folders of lib from left to right; a file imports its own folder and any to the left. Equal rank: neither. */
const LIB_ORDER: readonly (readonly string[])[] = [
  [""],
  ["math"],
  ["events"],
  ["simulator", "bars"],
  ["indicators"],
  ["analysis"],
  ["signals"],
  ["account"],
  ["risk"],
  ["paper"],
  ["scoreboard"],
  ["advice"],
  ["stats", "imports"],
  ["outputs"],
  ["wire", "engine"],
  ["backtest"],
];

/** Folders of components that every panel may use. */
const SHARED_PARTS = ["ui", "live", "queries"];

/**
 * Where the engine may be run: sequencer (to which the composition root hands it), replay worker, job worker (through
 * backtest), and bench, tests, scripts.
 */
const ENGINE_RUNNERS =
  /^(server\/(app\.ts$|(sequencer|replay|jobs)\/)|lib\/(engine|backtest)\/|bench\/|tests\/|scripts\/)/;

/** Which top folders may import which. Tests and benches import anything; nothing imports them. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: ["lib"],
  drizzle: ["drizzle", "lib"],
  server: ["server", "drizzle", "lib"],
  components: ["components", "lib"],
  app: ["app", "components", "lib"],
  scripts: ["scripts", "server", "lib"],
};

/** Every import that goes against an arrow. */
export function importProblems(file: SourceFile): Problem[] {
  return file.imports.flatMap((item) => {
    const message = item.target === null ? packageFault(file.path, item) : pathFault(file.path, item.target, item);
    return message === null ? [] : [{ path: file.path, line: item.line, rule: "import", message }];
  });
}

function packageFault(from: string, item: Import): string | null {
  if (from.startsWith("lib/") && item.specifier !== "zod") return `lib imports the package ${item.specifier}; only zod`;
  const isBrowser = from.startsWith("components/") || from.startsWith("app/");
  if (isBrowser && item.specifier.startsWith("node:")) return `the browser has no ${item.specifier}`;
  return null;
}

function pathFault(from: string, to: string, item: Import): string | null {
  const top = topOf(from);
  const allowed = MAY_IMPORT[top];
  if (allowed && !allowed.includes(topOf(to))) return `${top} imports ${to}; only ${allowed.join(", ")}`;
  if (to === "lib/engine/engine.ts" && !item.isTypeOnly && !ENGINE_RUNNERS.test(from)) {
    return "the engine is run in the sequencer, replay and job workers only";
  }
  if (top === "lib") return libFault(from, to);
  if (top === "components") return componentFault(from, to, item);
  if (top === "app") return libFromBrowserFault(to, item);
  return from.startsWith("server/handlers/") ? handlerFault(from, to, item) : null;
}

function libFault(from: string, to: string): string | null {
  const [here, there] = [libFolder(from), libFolder(to)];
  const [hereRank, thereRank] = [libRank(here), libRank(there)];
  if (hereRank < 0) return `lib/${here} has no place in the order of lib`;
  if (here === there || thereRank < hereRank) return null;
  return `lib/${here} imports lib/${there}, which is not to its left`;
}

function componentFault(from: string, to: string, item: Import): string | null {
  if (!to.startsWith("components/")) return libFromBrowserFault(to, item);
  const [here = "", there = ""] = [from.split("/")[1], to.split("/")[1]];
  if (here === there || SHARED_PARTS.includes(there)) return null;
  return `components/${here} imports components/${there}; panels never import each other, app composes them`;
}

/** The browser takes root files and the wire schemas; of the rest of lib it sees types alone. */
function libFromBrowserFault(to: string, item: Import): string | null {
  if (!to.startsWith("lib/") || item.isTypeOnly) return null;
  const folder = libFolder(to);
  return folder === "" || folder === "wire" ? null : `${to} would reach the browser; import type, or send it by wire`;
}

function handlerFault(from: string, to: string, item: Import): string | null {
  if (to.startsWith("server/handlers/") && to !== from) return "handlers never import each other";
  if (!to.startsWith("lib/") || item.isTypeOnly) return null;
  return ["", "outputs", "wire"].includes(libFolder(to)) ? null : `a handler imports ${to}; only outputs and wire`;
}

function topOf(place: string): string {
  return place.includes("/") ? (place.split("/")[0] ?? "") : "";
}

function libFolder(place: string): string {
  const parts = place.split("/");
  return parts.length > 2 ? (parts[1] ?? "") : "";
}

function libRank(folder: string): number {
  return LIB_ORDER.findIndex((folders) => folders.includes(folder));
}
