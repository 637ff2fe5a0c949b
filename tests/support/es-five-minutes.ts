/** What are ten years of real 5-minute bars of ES, with the volume at bid and ask? As columns, in ticks. */
import { readSharedText } from "./shared-data.ts";

export const ES_FIVE_FILE = "bars/es_5m_sierra_2014-2024.csv.gz";

/** Row i; `atCt` is the bar's start by Chicago's clock as if it were UTC, ms. */
export type FiveMinutes = {
  count: number;
  contract: string[];
  atCt: Float64Array;
  openTicks: Float64Array;
  highTicks: Float64Array;
  lowTicks: Float64Array;
  closeTicks: Float64Array;
  volume: Float64Array;
  bidVolume: Float64Array;
  askVolume: Float64Array;
};

const COLUMNS = "contract,ts_ct,open,high,low,close,volume,trades,bid_volume,ask_volume";
const TICK = 0.25;

/** Reads the bars of the days wanted ("2024-03-05"); throws where the columns are others. */
export function readEsFiveMinutes(isWanted: (day: string) => boolean): FiveMinutes {
  const [head, ...all] = readSharedText(ES_FIVE_FILE).trim().split("\n");
  const lines = all.filter((line) => isWanted(line.slice(line.indexOf(",") + 1, line.indexOf("T"))));
  if (head.trim() !== COLUMNS) throw new Error(`columns were ${head}, expected ${COLUMNS}`);
  const column = (): Float64Array => new Float64Array(lines.length);
  const bars: FiveMinutes = {
    count: lines.length,
    contract: [],
    atCt: column(),
    openTicks: column(),
    highTicks: column(),
    lowTicks: column(),
    closeTicks: column(),
    volume: column(),
    bidVolume: column(),
    askVolume: column(),
  };
  lines.forEach((line, row) => {
    const [contract, at, open, high, low, close, volume, , bid, ask] = line.split(",");
    bars.contract.push(contract);
    bars.atCt[row] = Date.parse(`${at}Z`);
    bars.openTicks[row] = Number(open) / TICK;
    bars.highTicks[row] = Number(high) / TICK;
    bars.lowTicks[row] = Number(low) / TICK;
    bars.closeTicks[row] = Number(close) / TICK;
    bars.volume[row] = Number(volume);
    bars.bidVolume[row] = Number(bid);
    bars.askVolume[row] = Number(ask);
  });
  return bars;
}
