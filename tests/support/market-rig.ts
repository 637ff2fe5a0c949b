/** How does a test log real bars? The real engine behind a sequencer on a folder, one ES contract, given trades. */
import { createEngine, type Engine } from "#lib/engine/engine.ts";
import { startRig } from "./sequencer-rig.ts";
import { createTallyEngine, type TallyEngine } from "./tally-engine.ts";

const START_MS = Date.UTC(2026, 10, 18, 15);

export type MarketRig = Awaited<ReturnType<typeof startRig>> & { market: Engine };

/** Recovers the folder with the real engine and goes on behind it; both clocks stand where the last trade put them. */
export async function startMarketRig(folder: string, segmentBytesMax?: number): Promise<MarketRig> {
  const market = createEngine();
  const engine: TallyEngine = { ...createTallyEngine(), ...market };
  const clock = (): number => START_MS;
  const limit = segmentBytesMax === undefined ? {} : { segmentBytesMax };
  const rig = await startRig({ folder, engine, wallMs: clock, feedNowMs: clock, ...limit });
  rig.sequencer.contractNumber({ root: "ES", year: 2026, month: 12 });
  return { ...rig, market };
}

/** Publishes one trade every 20 s, from minute `from` on; some come 1 s late, behind the turn of a minute. */
export function publishMinutes({ sequencer }: MarketRig, from: number, minutes: number): void {
  for (let index = from * 3; index < (from + minutes) * 3; index += 1) {
    const isLate = index % 39 === 1 && index > 1;
    const exchangeMs = START_MS + index * 20_000 - (isLate ? 21_000 : 0);
    sequencer.publish({
      type: "TradePrinted",
      ...{ seq: 0, nowMs: START_MS + index * 20_000, receivedMs: 0, contract: 0, source: 1, sourceSeq: index + 1 },
      ...{ priceTicks: 19_200 + (index % 11), size: 1 + (index % 3), aggressor: 1, exchangeMs },
    });
  }
}
