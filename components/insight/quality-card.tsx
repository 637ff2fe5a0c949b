"use client";
/** How good is a trade here, long or short? The better side's points, with what speaks for it and against it. */

import styles from "#components/insight/insight.module.css";
import { type QualityWords, qualityWords } from "#components/insight/quality-words.ts";
import type { CardProps } from "#components/insight/readings.tsx";
import { Forming, Reasoned } from "#components/insight/reasoned.tsx";

/** Reasons on the card; the others come with the pointer. */
const FACTORS_SHOWN = 4;

export function QualityCard({ parts, provisional }: CardProps) {
  const words = qualityWords(parts.quality);
  if (words.status === "warming") {
    return (
      <div className={styles.card}>
        <div className={styles.row}>
          <h3 className="label">Signal quality</h3>
          <span className="dim">{words.text}</span>
        </div>
      </div>
    );
  }
  const forming = provisional === null ? null : qualityWords(provisional.quality);
  const formingText = forming?.status === "ready" ? scoreText(forming) : undefined;
  const { side, other, isStrong, calibration, why, factors } = words;
  const tone = isStrong ? (side === "long" ? "up" : "down") : "mid";
  const reasons = factors.map(({ text }) => text);
  return (
    <div className={styles.card}>
      <Reasoned label="Signal quality, 0 to 100" reasons={reasons} atMs={parts.quality.atMs} forming={formingText}>
        <span className={styles.big}>
          <span className={`${styles.quality} ${tone} live`} data-testid="insight-quality">
            {scoreText(words)}
          </span>
          <span className="dim">{other}</span>
          <Forming text={formingText} shown={scoreText(words)} />
          <span className={styles.calibration} title={why} data-testid="insight-calibration">
            {calibration}
          </span>
        </span>
      </Reasoned>
      <ul className={styles.factors}>
        {[...factors.slice(0, FACTORS_SHOWN / 2), ...factors.slice(-FACTORS_SHOWN / 2)].map(({ name, text, isFor }) => (
          <li key={name} data-for={isFor}>
            <span className="visually-hidden">{isFor ? "for: " : "against: "}</span>
            {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

function scoreText({ side, score }: Extract<QualityWords, { status: "ready" }>): string {
  return `${side === "long" ? "Long" : "Short"} ${score}`;
}
