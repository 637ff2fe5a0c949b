/** What do the published analyses say to a focus card? Takes out of each what the card reads. */
import type { Quality } from "#lib/advice/quality.ts";
import type { Confluence } from "#lib/analysis/confluence/confluence.ts";
import type { Regime } from "#lib/analysis/regime/regime-reading.ts";
import type { Volatility } from "#lib/analysis/volatility.ts";
import type { Wave } from "#lib/analysis/wave.ts";
import type { FocusInput } from "./focus.ts";

export type PublishedReadings = {
  regime: Regime;
  wave: Wave;
  confluence: Confluence;
  volatility: Volatility;
  quality: Quality;
};

/** What is still warming up is null. */
export function readingsForFocus(published: PublishedReadings): Pick<FocusInput, "voters" | "volatility" | "quality"> {
  const { regime, wave, confluence, volatility, quality } = published;
  const legs = wave.status === "ready" && wave.legs.status === "ready" ? wave.legs : null;
  return {
    voters: {
      regime: regime.status === "ready" ? regime.direction.label : null,
      legs: legs === null ? null : { bias: legs.bias, ratio: legs.ratio },
      confluence: confluence.status === "ready" ? confluence.direction : null,
    },
    volatility: volatility.status === "ready" ? volatilityOf(volatility) : null,
    quality: quality.status === "ready" ? { long: quality.long.score, short: quality.short.score } : null,
  };
}

function volatilityOf({ atrTicks, sameClock }: Extract<Volatility, { status: "ready" }>): FocusInput["volatility"] {
  return { atrTicks, percentile: sameClock.status === "ready" ? sameClock.percentile : null };
}
