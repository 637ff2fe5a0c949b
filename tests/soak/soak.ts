/** What did the last long run show? A day, a loop of kills, stores away; the result goes into docs/RELIABILITY.md. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Flatness } from "./flatness.ts";
import { type KillResult, runKillLoop } from "./kill-loop.ts";
import { type DayResult, runSimulatedDay } from "./simulated-day.ts";
import { type AwayResult, runStoresAway } from "./stores-away.ts";

const FILE = path.resolve(import.meta.dirname, "../../docs/RELIABILITY.md");
const BEGIN = "<!-- soak: begin (written by npm run soak) -->";
const END = "<!-- soak: end -->";
/** 23 hours of trading at 100 times. */
const DAY_HOURS = 23;
const SPEED = 100;
const KILLS = 200;
const AWAY_SECONDS = 60;

/** A positive number of the environment, else the long form's own. */
function setting(name: string, fallback: number): number {
  const text = process.env[name]?.trim();
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} was "${text}", expected a number above 0`);
  return value;
}

function megabytes({ firstBytes, lastBytes, peakBytes, growth }: Flatness): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return `${mb(firstBytes)} → ${mb(lastBytes)} MB (${(growth * 100).toFixed(1)} %), peak ${mb(peakBytes)} MB`;
}

function heldOf({ isFlat }: DayResult, part: Flatness): string {
  if (isFlat === null) return "too short to tell";
  return part.isFlat ? "yes" : "**no**";
}

function linesOfAway({ speed, outages, longestSilenceMs, bars, different, isGood }: AwayResult): string[] {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  const lines = outages.map(
    ({ names, heldMs, saidMs, backMs, events }) =>
      `| ${names} for ${seconds(heldMs)}, the market at ${speed}× | said after ${seconds(saidMs)}, green ` +
      `${seconds(backMs)} after the return; ${events} events meanwhile | yes |`,
  );
  const rows = different === 0 ? "all equal to" : `**${different} lines other than**`;
  return [
    ...lines,
    `| The stream and the rows behind that | longest silence ${seconds(longestSilenceMs)}; ${bars} bars, ${rows} ` +
      `those rebuilt from the log | ${isGood ? "yes" : "**no**"} |`,
  ];
}

type Outcome = { day: DayResult; kills: KillResult; away: AwayResult; isGood: boolean; isLongForm: boolean };

function wordsOf({ day, kills, away, isGood, isLongForm }: Outcome, load: readonly number[]): string {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const isChanged = execFileSync("git", ["status", "--porcelain"], { encoding: "utf8" }).trim() !== "";
  const form = isLongForm ? "the long form" : "**a short form: it does not show what the long form shows**";
  const verdict = day.isFlat === null ? "nothing lost; memory not judged" : "passed";
  const head = `${new Date().toISOString().slice(0, 16)}Z, commit ${commit}${isChanged ? " with changes on top" : ""}`;
  return [
    `Last run: ${head}, ${os.availableParallelism()} cores, Node ${process.version}, load average ` +
      `${load.map((value) => value.toFixed(1)).join(" / ")}; ${form}. Result: **${isGood ? verdict : "failed"}**.`,
    "",
    "| What | Measured | Held |",
    "|---|---|---|",
    `| Market at ${day.speed}× for ${day.seconds} s | ${day.marketHours.toFixed(1)} h of market, ` +
      `${day.events} events | – |`,
    `| Resident memory of the data-service | ${megabytes(day.rss)} | ${heldOf(day, day.rss)} |`,
    `| Its JavaScript heap | ${megabytes(day.heap)} | ${heldOf(day, day.heap)} |`,
    `| Its buffers outside of the heap | ${megabytes(day.external)} | – |`,
    `| kill -9 under load, ${kills.kills} times (seed ${kills.seed}) | ${kills.acknowledged} events acknowledged, ` +
      `${kills.lost.length} lost | ${kills.lost.length === 0 ? "yes" : "**no**"} |`,
    `| State behind the recoveries | ${kills.digestsEqual ? "equal to" : "other than"} that of an unbroken run | ` +
      `${kills.digestsEqual ? "yes" : "**no**"} |`,
    ...linesOfAway(away),
  ].join("\n");
}

function writeResult(words: string): void {
  const text = fs.readFileSync(FILE, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${FILE}: the lines "${BEGIN}" and "${END}" are gone`);
  fs.writeFileSync(FILE, `${text.slice(0, begin + BEGIN.length)}\n${words}\n${text.slice(end)}`);
}

async function main(): Promise<number> {
  const speed = setting("SOAK_SPEED", SPEED);
  const seconds = setting("SOAK_SECONDS", Math.ceil((DAY_HOURS * 3_600) / speed));
  const wanted = setting("SOAK_KILLS", KILLS);
  const awaySeconds = setting("SOAK_AWAY_SECONDS", AWAY_SECONDS);
  const seed = setting("SOAK_SEED", Date.now() & 0x7fff_ffff);
  console.log(
    `soak: market at ${speed} times for ${seconds} s, ${wanted} kills (seed ${seed}), stores away for ${awaySeconds} s`,
  );
  const day = await runSimulatedDay({ speed, seconds });
  console.log(`rss ${megabytes(day.rss)}; heap ${megabytes(day.heap)}; ${day.marketHours.toFixed(1)} h of market`);
  const kills = await runKillLoop({ kills: wanted, seed });
  const away = await runStoresAway({ speed, seconds: awaySeconds });
  const isGood = day.isFlat !== false && kills.lost.length === 0 && kills.digestsEqual && away.isGood;
  const isLongForm =
    day.marketHours >= DAY_HOURS && kills.kills >= KILLS && speed <= SPEED && awaySeconds >= AWAY_SECONDS;
  const words = wordsOf({ day, kills, away, isGood, isLongForm }, os.loadavg());
  writeResult(words);
  console.log(words);
  return isGood ? 0 : 1;
}

process.exit(await main());
