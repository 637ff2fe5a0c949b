"use client";

/** Trend or range, how sure, since when, and what was it before? */

import styles from "#components/insight/insight.module.css";
import { barTimeText } from "#components/insight/insight-words.ts";
import type { CardProps } from "#components/insight/readings.tsx";
import { Reasoned } from "#components/insight/reasoned.tsx";
import { confirmedText, modelText, regimePieces, regimeShares } from "#components/insight/regime-words.ts";
import { formatQuantity } from "#lib/format.ts";
import type { InsightParts, InsightView } from "#lib/wire/insight.ts";

type RegimeCardProps = CardProps & { runs: InsightView["regimeRuns"]; barMs: number };
type Regime = Extract<InsightParts["regime"], { status: "ready" }>;

const TONES: Readonly<Record<string, string>> = { up: "up", down: "down" };

export function RegimeCard({ parts, provisional, runs, barMs }: RegimeCardProps) {
  const { regime } = parts;
  if (regime.status === "warming") {
    return (
      <div className={styles.card}>
        <div className={styles.row}>
          <h3 className="label">Regime</h3>
          <span className="dim">
            {formatQuantity(regime.have)} of {formatQuantity(regime.need)} bars
          </span>
        </div>
      </div>
    );
  }
  const forming = provisional?.regime.status === "ready" ? provisional.regime : null;
  const pieces = regimePieces(runs, regime.atMs ?? 0, barMs);
  return (
    <div className={styles.card}>
      <Reasoned
        label={`Regime, by ${regime.method}`}
        reasons={[...regime.reasons, modelText(regime)]}
        atMs={regime.atMs}
      >
        <RegimeReading regime={regime} forming={forming} />
      </Reasoned>
      <div className={styles.history} role="img" aria-label={`Regimes until ${barTimeText(regime.atMs)}`}>
        {pieces.map(({ fromMs, direction, grow, title }) => (
          <b key={fromMs} data-direction={direction} style={{ flexGrow: grow }} title={title} />
        ))}
      </div>
    </div>
  );
}

function RegimeReading({ regime, forming }: { regime: Regime; forming: Regime | null }) {
  const { label } = regime.direction;
  return (
    <>
      <span className={styles.row}>
        <span className="label">Regime</span>
        <span className={styles.pills}>
          <span className={styles.regimePill} data-tone={TONES[label] ?? "plain"} data-testid="insight-regime">
            {label}
          </span>
          <span className={styles.regimePill} data-testid="insight-regime-volatility">
            {regime.volatility.label} vol
          </span>
        </span>
      </span>
      <ShareBar regime={regime} />
      {forming === null ? null : <ShareBar regime={forming} isForming />}
      <span className={`${styles.row} ${styles.sides}`}>
        {regimeShares(regime).map(({ name, text }) => (
          <span key={name} className="n live mid" data-testid={`insight-regime-${name}`}>
            {text}
          </span>
        ))}
      </span>
      <span className={`${styles.row} ${styles.sides} dim`}>
        <span data-testid="insight-confirmed">{confirmedText(regime)}</span>
        <span>last 24 h below</span>
      </span>
    </>
  );
}

function ShareBar({ regime, isForming = false }: { regime: Regime; isForming?: boolean }) {
  return (
    <span className={isForming ? `${styles.shares} ${styles.sharesForming}` : styles.shares} aria-hidden="true">
      {regimeShares(regime).map(({ name, share }) => (
        <b key={name} data-direction={name} style={{ width: `${share * 100}%` }} />
      ))}
    </span>
  );
}
