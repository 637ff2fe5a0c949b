/** A process that speaks as the vendor does and sends frames of trades, never more ahead than its reader says. */
import { contractRow, sessionRow } from "#tests/support/massive-hour.ts";
import { MassiveServer } from "#tests/support/massive-server.ts";
import { AHEAD_FRAMES, type FromSender, KEY, START_MS, TICKER, type ToSender, TRADES } from "./live-path-words.ts";

const aggs = { [TICKER]: { "1session": [sessionRow(TICKER, "2026-11-16", 1_000_000, 6_000)] } };
const data = { contracts: [contractRow(TICKER, "2026-12-18")], aggs, trades: {} };
const server = await MassiveServer.start({ key: KEY, data });
let seq = 0;

/** Fifty trades of the same ten milliseconds, worded before the clock runs. */
function frameText(index: number): string {
  const trades = Array.from({ length: TRADES }, () => {
    seq += 1;
    const price = (6_000 + (seq % 40) * 0.25).toFixed(2);
    return { ev: "T", sym: TICKER, p: price, s: 1 + (seq % 7), t: START_MS + index * 10, q: seq };
  });
  return JSON.stringify(trades);
}

function say(word: FromSender): void {
  process.send?.(word);
}

let frames: string[] = [];
let sent = 0;

function sendUpTo(count: number): void {
  for (const end = Math.min(frames.length, count); sent < end; sent += 1) server.sendRaw(frames[sent]);
}

process.on("message", (word: ToSender) => {
  if (word.word === "prepare") {
    seq = 0;
    sent = 0;
    frames = Array.from({ length: word.frames }, (_, index) => frameText(index));
    say({ word: "prepared", bytes: frames[0].length });
  } else sendUpTo(word.read + AHEAD_FRAMES);
});
process.on("disconnect", () => process.exit(0));
say({ word: "listening", wsUrl: server.wsUrl, restUrl: server.restUrl });
