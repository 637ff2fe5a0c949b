"use client";
/** Which month of this root is shown, and should it stay? Pin one, or follow the front month again. */

import styles from "#components/insight/insight.module.css";
import { usePinContract } from "#components/queries/use-pin-contract.ts";
import type { InstrumentRow } from "#lib/wire/instruments.ts";

export function ContractMonths({ row }: { row: InstrumentRow }) {
  const pin = usePinContract();
  const { root, contract, contracts, pinned } = row;
  return (
    <div className={styles.card}>
      <div className={styles.row}>
        <h3 className="label">Contract month</h3>
        <span className="dim" data-testid="detail-pinned">
          {pinned ? "pinned by you" : "front month"}
        </span>
      </div>
      <div className={styles.months}>
        {contracts.map((one) => (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={one === contract}
            disabled={pin.isPending || (one === contract && pinned)}
            title={one === contract ? `Keep ${one}, do not roll` : `Show ${one} and keep it`}
            data-testid={`pin-${one}`}
            onClick={() => pin.mutate({ root, contract: one })}
          >
            {one}
          </button>
        ))}
        {pinned ? (
          <button
            type="button"
            className="button button-plain"
            disabled={pin.isPending}
            data-testid="unpin"
            onClick={() => pin.mutate({ root, contract: null })}
          >
            Unpin
          </button>
        ) : null}
      </div>
    </div>
  );
}
