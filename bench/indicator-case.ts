/** How long does one contender take a bar? A process of its own for each, so that no other has shaped its code. */
import { benchBars } from "./indicator-bars.ts";
import { type Benched, batchesOf, type Mode, outputsOf, streamsOf } from "./indicator-contenders.ts";
import { median } from "./measure.ts";

const BARS = 1_000_000;
const RUNS_MIN = 15;
/** A fast contender goes on for so long: compilers and collectors have then done with the start. */
const TIME_MS_MIN = 1_500;
/** A slow one stops after so long, with at least so few runs. */
const TIME_MS_MAX = 4_000;
const SLOW_RUNS_MIN = 5;
/** A stream gets its bars in calls of so many; its state outlives each pass, as in a market. */
const CALL_BARS = 10_000;

const [mode, indicator, name] = process.argv.slice(2) as [Mode, Benched, string]; // safe: checked by passOf
const bars = benchBars(BARS);

/** One pass over all bars; returns something of the last values. */
function passOf(): () => number {
  const batch = batchesOf(indicator).get(name);
  if (mode === "batch" && batch !== undefined) {
    const out = Array.from({ length: outputsOf(indicator) }, () => new Float64Array(BARS));
    return () => (batch(bars, out) ?? out).reduce((sum: number, column) => sum + column[column.length - 1], 0);
  }
  const stream = streamsOf(indicator).get(name);
  if (mode !== "stream" || stream === undefined) throw new Error(`no contender ${mode} ${indicator} ${name}`);
  const take = stream(bars);
  return () => {
    let last = 0;
    for (let from = 0; from < BARS; from += CALL_BARS) last = take(from, from + CALL_BARS);
    return last;
  };
}

const pass = passOf();
const times: number[] = [];
const beganMs = performance.now();
for (let ms = 0; ms < TIME_MS_MIN || times.length < (ms < TIME_MS_MAX ? RUNS_MIN : SLOW_RUNS_MIN); ) {
  const from = process.hrtime.bigint();
  const last = pass();
  times.push(Number(process.hrtime.bigint() - from) / BARS);
  ms = performance.now() - beganMs;
  if (!Number.isFinite(last)) throw new Error(`${mode} ${indicator} ${name}: its last values sum to ${last}`);
}
// The first half warms up.
console.log(JSON.stringify(median(times.slice(times.length >> 1))));
