/** What does a market throw at an indicator? Seeded bars in ticks: flat stretches, jumps, no volume. */
import type { IndicatorBar } from "#lib/indicators/indicator.ts";
import { createRandom, type Random } from "#lib/prng.ts";

/** A walk of closed bars; the same seed gives the same bars. */
export function randomBars(seed: number, length: number): IndicatorBar[] {
  const random = createRandom(seed);
  const bars: IndicatorBar[] = [];
  let [close, mood, stretch] = [20_000, 0, 0];
  for (let i = 0; i < length; i++) {
    if (stretch-- <= 0) {
      mood = Math.floor(random() * 5);
      stretch = Math.floor(random() * 60);
    }
    const bar = randomBar(random, close, mood);
    close = bar.close;
    bars.push(bar);
  }
  return bars;
}

/** Moods: 0 dead flat without volume, 1 flat with volume, 2 quiet, 3 lively, 4 lively with jumps. */
function randomBar(random: Random, priorClose: number, mood: number): IndicatorBar {
  const reach = [0, 0, 3, 40, 40][mood];
  const step = () => Math.round((random() + random() - 1) * reach);
  const jump = mood === 4 && random() < 0.1 ? Math.round((random() - 0.5) * 4_000) : 0;
  const open = Math.max(100, priorClose + step() + jump);
  const close = Math.max(100, open + step());
  const high = Math.max(open, close) + Math.abs(step());
  const low = Math.min(open, close) - Math.abs(step());
  return { open, high, low, close, volume: mood === 0 ? 0 : Math.floor(random() * 1_000) };
}

/** What the bar might have looked like a moment before: another range, close and volume, same open. */
export function earlierBar(random: Random, bar: IndicatorBar): IndicatorBar {
  const close = Math.max(100, bar.open + Math.round((random() - 0.5) * 80));
  const high = Math.max(bar.open, close) + Math.floor(random() * 10);
  const low = Math.min(bar.open, close) - Math.floor(random() * 10);
  return { open: bar.open, high, low, close, volume: Math.floor(random() * 2) * bar.volume };
}
