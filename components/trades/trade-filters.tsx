/** Which trades shall be shown? One choice each: account, instrument, dates, tag, setup, open or closed. */

import type { ReactNode } from "react";
import type { TradeFilter } from "#components/queries/use-trades.ts";
import styles from "#components/trades/trades.module.css";
import type { TradesAnswer } from "#lib/wire/trades.ts";

type FiltersProps = {
  filter: TradeFilter;
  choose: (part: Partial<TradeFilter>) => void;
  answer: TradesAnswer | undefined;
  children: ReactNode;
};

export function TradeFilters({ filter, choose, answer, children }: FiltersProps) {
  const choices = [
    { field: "account", label: "Account", words: answer?.accounts ?? [] },
    { field: "instrument", label: "Instrument", words: answer?.roots ?? [] },
    { field: "tag", label: "Tag", words: answer?.tags ?? [] },
    { field: "setup", label: "Setup", words: answer?.setups ?? [] },
    { field: "status", label: "State", words: ["open", "closed"] },
  ] as const;
  return (
    <search className={styles.filters} aria-label="Trades to show">
      {choices.map(({ field, label, words }) => (
        <label key={field} className={styles.field}>
          <span className="label">{label}</span>
          <select
            className={styles.input}
            aria-label={label}
            value={filter[field]}
            onChange={(event) => choose({ [field]: event.target.value })}
          >
            <option value="">all</option>
            {words.map((word) => (
              <option key={word}>{word}</option>
            ))}
          </select>
        </label>
      ))}
      {(["from", "to"] as const).map((field) => (
        <label key={field} className={styles.field}>
          <span className="label">{field}</span>
          <input
            type="date"
            className={styles.input}
            value={filter[field]}
            onChange={(event) => choose({ [field]: event.target.value })}
          />
        </label>
      ))}
      {children}
    </search>
  );
}
