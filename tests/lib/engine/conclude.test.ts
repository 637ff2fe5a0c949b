/** Do the facts alone tell every closed bar, as the engine holds it, behind every single event? */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { BarSeries } from "#lib/bars/bar-series.ts";
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import type { Fact, FactBar } from "#lib/outputs/fact.ts";
import { clearOutputs, createOutputs } from "#lib/outputs/output.ts";
import { RANDOM_CONTRACTS, randomEvents } from "#tests/support/random-market.ts";
import { testSeeds } from "#tests/support/seeds.ts";

type Told = Map<string, string>;

function wordsOf(bar: Omit<FactBar, "vwapTicks" | "openMs">): string {
  const { openTicks, highTicks, lowTicks, closeTicks, volume, buyVolume, sellVolume, trades, revision } = bar;
  const { deltaSource, madeOf } = bar;
  const parts = [openTicks, highTicks, lowTicks, closeTicks, volume, buyVolume, sellVolume, trades, revision];
  return [...parts, deltaSource, madeOf].join(" ");
}

function note(told: Told, fact: Fact): void {
  if (fact.type === "HistoryMerged") {
    for (const bar of fact.bars) told.set(`${fact.contract} ${fact.interval} ${bar.openMs}`, wordsOf(bar));
  } else if (fact.type === "BarClosed" || fact.type === "BarAmended") {
    told.set(`${fact.contract} ${fact.interval} ${fact.openMs}`, wordsOf(fact));
  }
}

function rowWords(series: BarSeries, row: number): string {
  const names = ["openTicks", "highTicks", "lowTicks", "closeTicks", "volume", "buyVolume", "sellVolume"] as const;
  const rest = ["trades", "revision", "deltaSource", "madeOf"] as const;
  return [...names, ...rest].map((name) => series[name][row]).join(" ");
}

/** Closed bars of a minute and longer; a second row of one open would be told by the count. */
function heldBy(engine: Engine): { held: Told; rows: number } {
  const held: Told = new Map();
  let rows = 0;
  for (const contract of engine.state.contracts) {
    for (const series of contract.series) {
      if (series.interval === "1s") continue;
      rows += series.length;
      for (let row = 0; row < series.length; row++) {
        held.set(`${contract.index} ${series.interval} ${series.openMs[row]}`, rowWords(series, row));
      }
    }
  }
  return { held, rows };
}

function begin(): InputEvent[] {
  const run = { runId: "x", mode: "SIM", feed: "simulator", seed: 1, ...emptyLedger() } as const;
  const listed = RANDOM_CONTRACTS.map((contract, number) => ({
    ...UNSTAMPED,
    nowMs: 1,
    type: "InstrumentListed" as const,
    contract: number,
    ...contract,
  }));
  return [{ ...UNSTAMPED, nowMs: 1, type: "RunStarted", ...run }, ...listed];
}

// Seed 1 holds a vendor bar that came after the clock had closed the longer bar around it.
for (const seed of [1, ...testSeeds("conclude")]) {
  test(`facts tell every closed bar, of seed ${seed}`, () => {
    const engine = createEngine();
    const outputs = createOutputs(8);
    const told: Told = new Map();
    [...begin(), ...randomEvents(seed, 600)].forEach((event, at) => {
      event.seq = at + 1;
      event.receivedMs = event.nowMs;
      engine.process(event, outputs);
      engine.conclude(event, outputs, 0, (fact) => note(told, fact));
      clearOutputs(outputs);
      const { held, rows } = heldBy(engine);
      assert.equal(held.size, rows, `two bars of one open behind seq ${event.seq}, ${event.type}`);
      for (const [key, words] of held) {
        if (told.get(key) !== words)
          assert.equal(told.get(key), words, `${key} behind seq ${event.seq}, ${event.type}`);
      }
    });
  });
}
