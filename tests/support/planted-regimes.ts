/** Which path has regimes that are known? Stretches of drift up, drift down and none, one behind the other. */
import type { AnalysisBar } from "#lib/analysis/analysis-bar.ts";
import { createRandom } from "#lib/prng.ts";
import { type BarShape, barsOf, walkShapes } from "./shaped-bars.ts";

export type Planted = {
  bars: AnalysisBar[];
  /** The regime of each bar, and how many bars ago it began. */
  truth: ("up" | "down" | "range")[];
  age: number[];
};

const SIDES = { up: 1, down: -1, range: 0 } as const;

/** Regimes of 60 to 140 bars; `drift` a bar in standard deviations of a bar. */
export function plantedRegimes(seed: number, count: number, drift: number): Planted {
  const random = createRandom(seed);
  const shapes: BarShape[] = [];
  const truth: Planted["truth"] = [];
  const age: number[] = [];
  const names = ["up", "down", "range"] as const;
  let [name, price]: [(typeof names)[number], number] = ["range", 20_000];
  while (shapes.length < count) {
    const others = names.filter((one) => one !== name);
    name = others[Math.floor(random() * others.length)];
    const length = Math.min(60 + Math.floor(random() * 81), count - shapes.length);
    const stretch = walkShapes(random, length, { driftTicks: SIDES[name] * drift * 12, sdTicks: 12, start: price });
    price = stretch[stretch.length - 1].close;
    shapes.push(...stretch);
    for (let bar = 0; bar < length; bar += 1) {
      truth.push(name);
      age.push(bar);
    }
  }
  return { bars: barsOf(shapes), truth, age };
}
