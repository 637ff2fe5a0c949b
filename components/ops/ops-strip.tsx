"use client";
/** How is the house? Each part with a lamp and a word, how fast it runs, and how far it has flushed. */

import { useLiveParts } from "#components/live/live-context.tsx";
import { useTickedText } from "#components/live/use-feed-now.ts";
import { useConnection, useOps } from "#components/live/use-live.ts";
import styles from "#components/ops/ops.module.css";
import { type OpsFigure, opsFigures, pairWords } from "#components/ops/ops-figures.ts";
import { UNKNOWN } from "#lib/format.ts";
import type { OpsReport, Part } from "#lib/wire/ops.ts";

/** Parts that the design has; one that the service does not name is not in this build. */
const PART_NAMES = ["feed", "log", "engine", "stream", "db", "redis", "bridge"] as const;

export function OpsStrip() {
  const ops = useOps();
  const connection = useConnection();
  const isLost = connection.status === "waiting";
  return (
    <footer className={styles.strip} data-testid="ops-strip">
      {partsOf(ops).map((part, index, parts) => (
        <Lamp key={part.name} part={part} isLost={isLost} next={parts[index + 1]} />
      ))}
      {ops === undefined ? null : <ScreenLag />}
      {(ops === undefined ? [] : opsFigures(ops)).map((figure) => (
        <Figure key={figure.id} figure={figure} />
      ))}
      <span className={styles.stripEnd}>
        {ops === undefined ? null : (
          <span className="n" title={`run ${ops.runId}, start ${ops.epoch}`} data-testid="ops-version">
            {ops.codeVersion}
          </span>
        )}
        <span>
          <kbd>?</kbd> keys
        </span>
      </span>
    </footer>
  );
}

/** The lamps that the design has first, then whatever else the service names. */
function partsOf(ops: OpsReport | undefined): Part[] {
  const named = new Map((ops?.parts ?? []).map((part) => [part.name, part]));
  const lamps = PART_NAMES.map((name) => {
    const message = ops === undefined ? "not heard yet" : "not in this build yet";
    return named.get(name) ?? { name, state: "absent" as const, message, progressMs: null, lagMs: null };
  });
  const others = (ops?.parts ?? []).filter((part) => !PART_NAMES.some((name) => name === part.name));
  return [...lamps, ...others];
}

type LampProps = { part: Part; isLost: boolean; next: Part | undefined };

/** A part that is well shows its name; anything else says what it is, a row of parts that say the same only once. */
function Lamp({ part, isLost, next }: LampProps) {
  const state = isLost ? "unknown" : part.state;
  const words = isLost ? "not heard" : part.message;
  const isSaidByNext = next !== undefined && (isLost || (next.state === part.state && next.message === part.message));
  const isQuiet = state === "ok" || isSaidByNext;
  return (
    <span className={styles.lamp} data-state={state} title={`${part.name}: ${words}`} data-testid={`lamp-${part.name}`}>
      <i aria-hidden="true" />
      {part.name}
      <span className={isQuiet ? "visually-hidden" : styles.lampWords}>: {words}</span>
    </span>
  );
}

function ScreenLag() {
  const { lag } = useLiveParts();
  const text = useTickedText(() => pairWords(lag.quantileMs(0.5), lag.quantileMs(0.99)));
  const title = "From the tick's arrival at the server to the frame that showed it: median and 99th percentile";
  const words = `tick to screen ${text ?? UNKNOWN}`;
  return <Figure figure={{ id: "ops-lag", words, title, isMinor: false, tone: "plain" }} />;
}

const TONES = { plain: "", caution: "caution", bad: "down" } as const;

function Figure({ figure: { id, words, title, isMinor, tone } }: { figure: OpsFigure }) {
  return (
    <span className={`n live ${isMinor ? styles.minor : ""} ${TONES[tone]}`} title={title} data-testid={id}>
      {words}
    </span>
  );
}
