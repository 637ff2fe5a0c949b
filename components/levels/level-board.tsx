"use client";
/** Which prices matter around the linked one, how far are they, and did they hold before? Choosing one draws it. */

import { Tooltip } from "@mantine/core";
import { useEffect, useRef } from "react";
import styles from "#components/levels/level-board.module.css";
import { type LevelWords, levelWords } from "#components/levels/level-words.ts";
import {
  boardOf,
  choiceOf,
  hueOf,
  levelChoice,
  type ShownLevel,
  shownLevels,
  toggleLevel,
} from "#components/live/levels.ts";
import { useInstrument } from "#components/live/use-instrument.ts";
import { useLevels } from "#components/live/use-live.ts";
import { useLinked } from "#components/ui/linked.ts";
import { EmptyNote, Panel, SkeletonRows } from "#components/ui/panel.tsx";
import { usePersisted } from "#components/ui/persisted.ts";
import { formatClock, formatPrice } from "#lib/format.ts";
import { type Instrument, instrumentOf } from "#lib/instrument.ts";
import type { LevelParts, LevelsView } from "#lib/wire/insight-stream.ts";

export function LevelBoard() {
  const { root } = useLinked();
  const row = useInstrument(root);
  const view = useLevels(root);
  return (
    <Panel
      title="Levels"
      note={<span className="dim">{row?.label ?? root}</span>}
      source={view === undefined ? null : <BoardSource view={view} />}
      testId="levels"
      className={styles.panel}
    >
      {view === undefined ? <SkeletonRows rows={8} label="Loading levels" /> : <BoardBody view={view} />}
    </Panel>
  );
}

/** How old it is, and the button for all levels. */
function BoardSource({ view }: { view: LevelsView }) {
  const choice = usePersisted(levelChoice);
  const count = boardOf(view)?.levels.length ?? 0;
  const closedText = `closed ${formatClock("America/Chicago", view.parts?.levels.atMs ?? null).slice(0, 5)} CT`;
  return (
    <>
      {view.parts === null ? null : <span>{view.provisional === null ? closedText : `${closedText}, now`}</span>}
      {count === 0 ? null : (
        <button
          type="button"
          className="button button-plain"
          aria-pressed={choice.isAll}
          data-testid="levels-all"
          onClick={() => levelChoice.set({ ...choice, isAll: !choice.isAll })}
        >
          {choice.isAll ? "Nearest 8" : `All ${count}`}
        </button>
      )}
    </>
  );
}

function BoardBody({ view }: { view: LevelsView }) {
  const instrument = instrumentOf(view.instrument);
  const board = boardOf(view);
  if (board === null || instrument === null) {
    return <EmptyNote title="No levels yet">{view.whyNull ?? "the instrument is not known"}</EmptyNote>;
  }
  if (board.levels.length === 0) {
    return <EmptyNote title="No levels yet">The first closed day, session window or swing makes the first</EmptyNote>;
  }
  return <BoardRows view={view} instrument={instrument} board={board} />;
}

type BoardRowsProps = { view: LevelsView; instrument: Instrument; board: LevelParts["levels"] };

function BoardRows({ view, instrument, board: { last, missing } }: BoardRowsProps) {
  const choice = usePersisted(levelChoice);
  const scroll = useRef<HTMLUListElement>(null);
  const root = view.instrument;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last price comes to the middle when these change.
  useEffect(() => showLast(scroll.current), [choice.isAll, root]);
  const shown = shownLevels(view, choice);
  const isAbove = ({ price }: ShownLevel): boolean => last !== null && price > last;
  const line = (one: ShownLevel) => {
    const isChosen = choice.chosen === choiceOf(root, one.level);
    return <LevelRow key={one.level.id} root={root} one={one} isChosen={isChosen} instrument={instrument} />;
  };
  return (
    <ul ref={scroll} className={`${styles.rows} live`} aria-label="Levels, highest price first">
      {shown.filter(isAbove).map(line)}
      <li className={styles.last} data-testid="levels-last">
        <span className={styles.dash} aria-hidden="true" />
        <span>last</span>
        <span className="n">{formatPrice(last, instrument)}</span>
      </li>
      {shown.filter((one) => !isAbove(one)).map(line)}
      {missing.length === 0 ? null : (
        <li className={`${styles.missing} dim`} data-testid="levels-missing">
          {missing.map(({ reason }) => reason).join(" · ")}
        </li>
      )}
    </ul>
  );
}

function showLast(list: HTMLUListElement | null): void {
  const last = list?.querySelector<HTMLElement>('[data-testid="levels-last"]');
  if (list && last) list.scrollTop = last.offsetTop - list.clientHeight / 2;
}

const SIDE_CLASSES: Readonly<Record<LevelWords["side"], string>> = { above: "n up", below: "n down", at: "n dim" };

type LevelRowProps = { root: string; one: ShownLevel; isChosen: boolean; instrument: Instrument };

function LevelRow({ root, one, isChosen, instrument }: LevelRowProps) {
  const words = levelWords(one, instrument);
  const isKnown = one.level.outcome.status === "known";
  return (
    <li>
      <Tooltip
        label={<Reasons reasons={words.reasons} />}
        classNames={{ tooltip: styles.reasons }}
        multiline
        position="right"
        openDelay={300}
        events={{ hover: true, focus: true, touch: false }}
      >
        <button
          type="button"
          className={styles.row}
          aria-pressed={isChosen}
          data-provisional={one.isProvisional}
          data-testid={`level-${one.level.id}`}
          onClick={() => toggleLevel(root, one.level)}
        >
          <span className={styles.dash} style={{ borderColor: `var(--rs-${hueOf(one.level)})` }} aria-hidden="true" />
          <span className={styles.label}>{words.label}</span>
          <span className="n">{words.price}</span>
          <span className={SIDE_CLASSES[words.side]}>{words.distance}</span>
          <span className={one.level.touched ? styles.touched : styles.untouched}>{words.touched}</span>
          <span className={isKnown ? styles.history : `${styles.history} dim`}>{words.history}</span>
        </button>
      </Tooltip>
    </li>
  );
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
  return (
    <>
      {reasons.map((reason) => (
        <div key={reason}>{reason}</div>
      ))}
    </>
  );
}
