"use client";
/** Should one trade at all now, what does the linked instrument's morning promise, and which are worth watching? */

import { useInsight, useScanner } from "#components/live/use-live.ts";
import styles from "#components/scanner/market-strip.module.css";
import { noTradeWords, premarketWords } from "#components/scanner/market-words.ts";
import { linkRoot, useLinked } from "#components/ui/linked.ts";
import type { InsightParts, ScannerView } from "#lib/wire/insight.ts";

export function MarketStrip() {
  const noTrade = useScanner((view) => view.noTrade);
  const focus = useScanner((view) => view.focus);
  const { root } = useLinked();
  const premarket = useInsight(root, ({ parts }) => parts?.premarket);
  return (
    <section className={styles.strip} aria-label="Market" data-testid="market-strip">
      {noTrade === undefined ? <span className="dim">Waiting for the scanner</span> : <NoTradeBanner found={noTrade} />}
      {premarket === undefined ? null : <Premarket root={root} premarket={premarket} />}
      {focus === undefined ? null : <Focus focus={focus} root={root} />}
    </section>
  );
}

function NoTradeBanner({ found }: { found: ScannerView["noTrade"] }) {
  const { verdict, tone, detail, all } = noTradeWords(found);
  return (
    <div className={styles.verdict} data-tone={tone} role="status" title={all} data-testid="no-trade">
      <b>{verdict}</b>
      <span className={styles.detail}>{detail}</span>
    </div>
  );
}

function Premarket({ root, premarket }: { root: string; premarket: InsightParts["premarket"] }) {
  const { score, grade, parts, reasons } = premarketWords(premarket);
  return (
    <div className={styles.premarket} data-testid="premarket">
      <span className="label">Pre-market {root}</span>
      <span title={reasons}>
        <b className="n live" data-testid="premarket-score">
          {score}
        </b>{" "}
        <span className="dim">{grade}</span>
      </span>
      {parts.map(({ id, label, value, title }) => (
        <span key={id} className={styles.part} title={title}>
          <span className="dim">{label}</span> <span className="n live mid">{value}</span>
        </span>
      ))}
    </div>
  );
}

function Focus({ focus, root }: { focus: ScannerView["focus"]; root: string }) {
  return (
    <div className={styles.focus} title={focus.reason} data-testid="focus-list">
      <span className="label">Focus</span>
      {focus.symbols.length === 0 ? <span className="dim">none</span> : null}
      {focus.symbols.map((symbol) => (
        <button
          key={symbol}
          type="button"
          className={styles.symbol}
          aria-pressed={symbol === root}
          onClick={() => linkRoot(symbol)}
        >
          {symbol}
        </button>
      ))}
    </div>
  );
}
