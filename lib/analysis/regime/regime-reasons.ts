/** In which words is the regime explained? */
import { CONFIDENCE_MIN } from "#lib/analysis/regime/direction.ts";
import type { RegimeParts } from "#lib/analysis/regime/regime-reading.ts";

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Direction with its age, what speaks for it, volatility, and why this method is the one shown. */
export function regimeReasons({ direction, volatility, method, evidence, hmm, contest }: RegimeParts): string[] {
  const { up, down, range } = direction.probabilities;
  const reasons = [
    `${direction.label} for ${direction.bars} bars: up ${percent(up)}, down ${percent(down)}, range ${percent(range)}`,
  ];
  if (direction.confidence < CONFIDENCE_MIN) reasons.push(`no direction reaches ${percent(CONFIDENCE_MIN)}`);
  else if (direction.barsUntilConfirmed > 0) {
    reasons.push(`${direction.candidate} is confirmed in ${direction.barsUntilConfirmed} bars if it stays so`);
  }
  reasons.push(`ADX ${evidence.adx.toFixed(0)}, efficiency of 20 bars ${evidence.efficiency.toFixed(2)}`);
  const { label, percentile, n } = volatility;
  reasons.push(
    percentile === null ? "volatility not known yet" : `volatility ${label}: ${percent(percentile)} of ${n} sessions`,
  );
  if (hmm.status === "none") return [...reasons, `no HMM: ${hmm.why}`];
  const scores = `log score ${contest.challenger.toFixed(3)} against ${contest.rules.toFixed(3)} of the rules`;
  const shown = method === "hmm" ? "shown" : "not shown";
  reasons.push(
    contest.n === 0
      ? "HMM not shown: not scored yet"
      : `HMM ${shown}: ${scores} over ${contest.sessions} sessions (n ${contest.n})`,
  );
  return reasons;
}
