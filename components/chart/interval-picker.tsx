"use client";
/** Which bars does the chart show? The usual intervals at hand, all others and own sizes in a menu. */

import { Popover } from "@mantine/core";
import { type FormEvent, useState } from "react";
import styles from "#components/chart/chart.module.css";
import { type Interval, parseInterval, TIME_INTERVALS } from "#lib/wire/topic.ts";

const AT_HAND: readonly Interval[] = ["1m", "5m", "15m", "1h", "1d"];
const OWN_SIZES: readonly Interval[] = ["500t", "2000v", "8r"];

export type IntervalPickerProps = { interval: Interval; onChoose: (interval: Interval) => void };

export function IntervalPicker({ interval, onChoose }: IntervalPickerProps) {
  const [isOpen, setOpen] = useState(false);
  const choose = (next: Interval): void => {
    setOpen(false);
    onChoose(next);
  };
  const shown = AT_HAND.includes(interval) ? AT_HAND : [...AT_HAND, interval];
  return (
    <fieldset className={styles.tools} aria-label="Interval">
      {shown.map((one) => (
        <IntervalButton key={one} one={one} interval={interval} onChoose={choose} />
      ))}
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" withinPortal>
        <Popover.Target>
          <button
            type="button"
            className={styles.tool}
            aria-expanded={isOpen}
            aria-label="All intervals"
            onClick={() => setOpen(!isOpen)}
          >
            …
          </button>
        </Popover.Target>
        <Popover.Dropdown className={styles.menu}>
          <div className={styles.menuGrid}>
            {[...TIME_INTERVALS, ...OWN_SIZES].map((one) => (
              <IntervalButton key={one} one={one} interval={interval} onChoose={choose} />
            ))}
          </div>
          <OwnInterval onChoose={choose} />
        </Popover.Dropdown>
      </Popover>
    </fieldset>
  );
}

type IntervalButtonProps = IntervalPickerProps & { one: Interval };

function IntervalButton({ one, interval, onChoose }: IntervalButtonProps) {
  return (
    <button
      type="button"
      className={styles.tool}
      aria-pressed={one === interval}
      data-testid={`interval-${one}`}
      onClick={() => onChoose(one)}
    >
      {one}
    </button>
  );
}

function OwnInterval({ onChoose }: { onChoose: (interval: Interval) => void }) {
  const [text, setText] = useState("");
  const [isRefused, setRefused] = useState(false);
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    const own = parseInterval(text.trim().toLowerCase());
    setRefused(own === null);
    if (own !== null) onChoose(own);
  };
  return (
    <form onSubmit={onSubmit} className={styles.own}>
      <label className="label" htmlFor="own-interval">
        Own size
      </label>
      <input
        id="own-interval"
        className={`${styles.input} n`}
        value={text}
        placeholder="500t 2000v 8r"
        aria-invalid={isRefused}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={isRefused ? "caution" : "dim"} role={isRefused ? "alert" : undefined}>
        {isRefused
          ? `"${text}" is none: N from 1 to 100,000 and t, v or r`
          : "trades (t), contracts (v) or ticks of range (r)"}
      </div>
    </form>
  );
}
