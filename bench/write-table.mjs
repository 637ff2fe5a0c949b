/** What stands in the figures' table of docs/PERFORMANCE.md? Exactly what bench/results.json holds. */

import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const BEGIN = "<!-- figures: begin (written by npm run bench) -->";
const END = "<!-- figures: end -->";

/** What each figure is called for people, in the table's order, and the file that measures it. */
const ROWS = [
  { name: "engine-replay", title: "Engine on replay of the log", file: "engine-replay" },
  { name: "socket-latency-message", title: "Newest input to browser frame, p50", file: "socket-latency" },
  { name: "socket-latency-tick", title: "Every event to browser frame, p50", file: "socket-latency" },
  { name: "start-up", title: "`npm start` to first painted bar, warm", file: "start-up" },
  { name: "first-history-time", title: "First history, connect to ready", file: "first-history" },
  { name: "first-history-log", title: "First history in the log", file: "first-history" },
  { name: "first-history-memory", title: "First history in memory", file: "first-history" },
  { name: "first-load-js", title: "First-load JavaScript of `/`", file: "bundle" },
  { name: "file-parse-ticks", title: "Parser on tick rows", file: "file-parse" },
  { name: "file-parse-bars", title: "Parser on bar rows", file: "file-parse" },
  { name: "recovery", title: "Recovery of a simulated day", file: "recovery" },
  { name: "durable-log-1", title: "Durable events, 1 in flight", file: "durable-log" },
  { name: "durable-log-64", title: "Durable events, 64 in flight", file: "durable-log" },
  { name: "durable-log-1000", title: "Durable events, 1,000 in flight", file: "durable-log" },
  { name: "written-log-1", title: "Written events, 1 in flight", file: "durable-log" },
  { name: "written-log-64", title: "Written events, 64 in flight", file: "durable-log" },
  { name: "written-log-1000", title: "Written events, 1,000 in flight", file: "durable-log" },
  { name: "log-verify-replay", title: "Log verified, 1,024 events a frame", file: "log-verify" },
  { name: "log-verify-live", title: "Log verified, 8 events a frame", file: "log-verify" },
  { name: "live-path", title: "Vendor socket to outputs", file: "live-path" },
  { name: "indicator-stream-ema", title: "EMA 20, bar by bar", file: "indicators" },
  { name: "indicator-stream-rsi", title: "RSI 14, bar by bar", file: "indicators" },
  { name: "indicator-stream-atr", title: "ATR 14, bar by bar", file: "indicators" },
  { name: "indicator-stream-macd", title: "MACD 12, 26, 9, bar by bar", file: "indicators" },
  { name: "indicator-stream-bollinger", title: "Bollinger 20, 2, bar by bar", file: "indicators" },
  { name: "indicator-batch-ema", title: "EMA 20, a million bars at once", file: "indicators" },
  { name: "indicator-batch-rsi", title: "RSI 14, a million bars at once", file: "indicators" },
  { name: "indicator-batch-atr", title: "ATR 14, a million bars at once", file: "indicators" },
  { name: "indicator-batch-macd", title: "MACD 12, 26, 9, a million bars at once", file: "indicators" },
  { name: "indicator-batch-bollinger", title: "Bollinger 20, 2, a million bars at once", file: "indicators" },
  { name: "indicator-allocation", title: "Left on the heap by any indicator", file: "indicators" },
  { name: "analysis-live", title: "Trades with every analysis on, 20 instruments", file: "analysis-live" },
  { name: "closed-minute", title: "A closed minute of 20 instruments", file: "closed-minute" },
  { name: "forced-refresh", title: "Analyses rebuilt, 20 instruments × 20 sessions", file: "forced-refresh" },
  { name: "memory", title: "Whole product, sum of PSS", file: "memory" },
];

/**
 * @typedef {{name: string, unit: string, ours: number, peer: number | null, peerName: string, peerVersion: string,
 *   ratio: number | null, goal: string, isMet: boolean, notes: string, load: number, commit?: string}} Figure
 * @typedef {{cores: number, node: string, commit: string, results: Figure[]}} Results
 */

/** @param {number | null} value */
function shown(value) {
  if (value === null) return "–";
  const digits = Math.abs(value) >= 1_000 ? 0 : 2;
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: digits });
}

/** @param {Figure} figure */
function units({ unit }) {
  return unit === "bytes" ? { scale: 1e-6, unit: "MB" } : { scale: 1, unit };
}

/**
 * @param {(typeof ROWS)[number]} row
 * @param {Figure | undefined} figure
 */
function lineOf({ title, file }, figure) {
  if (figure === undefined) return `| ${title} | not measured | – | – | – | no | \`bench/${file}.ts\` |`;
  const { scale, unit } = units(figure);
  const ours = `${shown(figure.ours * scale)} ${unit}`;
  const peer = figure.peer === null ? "none" : `${shown(figure.peer * scale)} ${unit}: ${figure.peerName}`;
  const isDone = figure.isMet && figure.peer !== null;
  const goal = figure.goal.replace(/(\d+) bytes$/, (_, bytes) => `${Number(bytes) / 1e6} MB`);
  return `| ${title} | ${ours} | ${peer} | ${shown(figure.ratio)} | ${goal} | ${isDone ? "yes" : "**no**"} | \`bench/${file}.ts\` |`;
}

/** @param {Results} results */
function tableOf({ cores, node, commit, results }) {
  const figures = new Map(results.map((figure) => [figure.name, figure]));
  const rows = ROWS.map((row) => lineOf(row, figures.get(row.name)));
  const notes = ROWS.flatMap(({ name, title }) => {
    const figure = figures.get(name);
    return figure
      ? [
          `* ${title}: ${figure.notes} (peer: ${figure.peerVersion}; load average ${figure.load}; commit ${figure.commit ?? "of an earlier run"}).`,
        ]
      : [];
  });
  return [
    `Measured on ${cores} cores, Node ${node}; the newest figure is of commit ${commit}.`,
    "",
    "| What | Ours | Peer or limit, same run | Ours ÷ peer | Goal | Met | File |",
    "|---|---|---|---|---|---|---|",
    ...rows,
    "",
    ...notes,
  ].join("\n");
}

/**
 * Writes the figures of bench/results.json between the two marks of docs/PERFORMANCE.md. Throws where a mark is gone.
 * @param {string} root
 */
export function writeTable(root) {
  const file = path.join(root, "docs", "PERFORMANCE.md");
  const text = readFileSync(file, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${file}: the lines "${BEGIN}" and "${END}" are gone`);
  /** @type {Results} */
  const results = JSON.parse(readFileSync(path.join(root, "bench", "results.json"), "utf8"));
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n${tableOf(results)}\n${text.slice(end)}`);
}
