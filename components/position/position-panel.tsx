"use client";
/** What is open, in which account, marked by whose price, and how old is that word? */

import { useAccounts, useConnection } from "#components/live/use-live.ts";
import styles from "#components/position/position.module.css";
import {
  accountNotes,
  accountState,
  driftWords,
  emptyWords,
  gainWords,
  markWords,
  priceWords,
  sideWords,
  ticksWords,
  toneOf,
} from "#components/position/position-words.ts";
import { linkRoot } from "#components/ui/linked.ts";
import { EmptyNote, Panel, SkeletonRows } from "#components/ui/panel.tsx";
import type { BridgeAccountRow, PositionRow } from "#lib/wire/positions.ts";

export function PositionPanel() {
  const accounts = useAccounts();
  const isLost = useConnection().status === "waiting";
  return (
    <Panel title="Positions" source="NinjaTrader bridge" testId="positions" className={styles.panel}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll it; it may hold nothing to focus. */}
      <section className={styles.scroll} tabIndex={0} aria-label="Accounts and their positions">
        {accounts === undefined ? <SkeletonRows rows={2} label="Loading positions" /> : null}
        {accounts?.length === 0 ? <HowToConnect /> : null}
        {accounts === undefined || accounts.length === 0 ? null : <Accounts accounts={accounts} isLost={isLost} />}
      </section>
    </Panel>
  );
}

function HowToConnect() {
  return (
    <EmptyNote title="No account is connected">
      Put the add-on of bridge/ninjatrader into NinjaTrader 8 and name your accounts in rightseat.txt: its README has
      three steps. Positions then stand here within a second.
    </EmptyNote>
  );
}

function Accounts({ accounts, isLost }: { accounts: readonly BridgeAccountRow[]; isLost: boolean }) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col">Contract</th>
          <th scope="col">Position</th>
          <th scope="col" title="Average price of what is open">
            Average
          </th>
          <th scope="col" title="The price that it is valued by">
            Mark
          </th>
          <th scope="col" title="Whose price the mark is, and how old">
            Source
          </th>
          <th scope="col">Unrealised</th>
          <th scope="col" title="Ticks for each contract">
            Ticks
          </th>
        </tr>
      </thead>
      {accounts.map((row) => (
        <Account key={row.account} row={row} isLost={isLost} />
      ))}
    </table>
  );
}

function Account({ row, isLost }: { row: BridgeAccountRow; isLost: boolean }) {
  const state = accountState(row, isLost);
  const positions = row.positions ?? [];
  return (
    <tbody data-stale={isLost || row.state === "stale"} data-testid={`account-${row.account}`}>
      {positions.map((position, index) => (
        <PositionLine key={position.contract} position={position} account={index === 0 ? row.account : ""} />
      ))}
      {positions.length > 0 ? null : (
        <tr>
          <th scope="row">{row.account}</th>
          <td colSpan={7} className={styles.words} data-cell="empty">
            {emptyWords(row)}
          </td>
        </tr>
      )}
      <tr className={styles.notes}>
        <td colSpan={8}>
          <span className={state.tone} title={state.title} data-cell="state">
            {state.words}
          </span>
          {accountNotes(row).map((words) => (
            <span key={words} className="n">
              {words}
            </span>
          ))}
          {driftWords(row).map((words) => (
            <span key={words} className="down" data-cell="drift">
              {words}
            </span>
          ))}
        </td>
      </tr>
    </tbody>
  );
}

function PositionLine({ position, account }: { position: PositionRow; account: string }) {
  const { contract, instrument, side, averagePrice, markPrice, unrealizedPnlUsd, unrealizedTicks } = position;
  return (
    <tr data-contract={contract}>
      <th scope="row">{account}</th>
      <td>
        <button type="button" className={styles.link} onClick={() => linkRoot(instrument)}>
          {contract}
        </button>
      </td>
      <td className={side === "long" ? "up" : "down"} data-cell="side">
        {sideWords(position)}
      </td>
      <td className="n" data-cell="average">
        {priceWords(averagePrice, position)}
      </td>
      <td className="n" data-cell="mark">
        {priceWords(markPrice, position)}
      </td>
      <td className="dim" data-cell="source">
        {markWords(position)}
      </td>
      <td className={`n ${toneOf(unrealizedPnlUsd)}`} data-cell="unrealized">
        {gainWords(unrealizedPnlUsd)}
      </td>
      <td className={`n ${toneOf(unrealizedTicks)}`} data-cell="ticks">
        {ticksWords(unrealizedTicks)}
      </td>
    </tr>
  );
}
