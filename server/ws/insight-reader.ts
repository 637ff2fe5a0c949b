/** What do the analyses of one root say, read once for all topics? Anew behind a close, else each second. */
import type { EngineState } from "#lib/engine/state.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { InsightView } from "#lib/wire/insight.ts";

/** Forming values are read so often at most. */
const PROVISIONAL_EVERY_MS = 1_000;
/** So often what was published, where a replay closes bars faster than anybody reads. */
const PUBLISHED_EVERY_MS = 250;

/** The same `edition`: nothing but the provisional part differs. */
export type InsightReading = { view: InsightView | null; edition: number };

/** Follows the root's front through its rolls. */
export class InsightReader {
  readonly #state: EngineState;
  readonly #root: string;
  readonly #read: () => InsightView | null;
  readonly #wallMs: () => number;
  #reading: InsightReading = { view: null, edition: 0 };
  #readMs = Number.NEGATIVE_INFINITY;
  #isPublished = true;
  #isMoving = false;

  constructor(options: { state: EngineState; root: string; read: () => InsightView | null; wallMs: () => number }) {
    this.#state = options.state;
    this.#root = options.root;
    this.#read = options.read;
    this.#wallMs = options.wallMs;
  }

  /** A batch was processed. */
  note({ list, touched }: Outputs): void {
    const contract = this.#state.roots.find(({ root }) => root === this.#root)?.front ?? -1;
    if (touched[contract] === 1) this.#isMoving = true;
    for (const output of list) {
      if (output.type === "SettingsChanged" || output.type === "FrontChanged") this.#isPublished = true;
      if (output.type !== "AnalysisChanged" && output.type !== "AnchorsChanged") continue;
      if (output.contract === contract) this.#isPublished = true;
    }
  }

  /** The same object until something new was read. */
  reading(): InsightReading {
    const ageMs = this.#wallMs() - this.#readMs;
    const isDue = this.#isPublished ? ageMs >= PUBLISHED_EVERY_MS : this.#isMoving && ageMs >= PROVISIONAL_EVERY_MS;
    if (!isDue) return this.#reading;
    const view = this.#read();
    // Without an analysis all of it is news: how far its history is taken.
    const isNew = this.#isPublished || view === null || view.parts === null;
    this.#reading = { view, edition: this.#reading.edition + (isNew ? 1 : 0) };
    this.#readMs = this.#wallMs();
    this.#isPublished = false;
    this.#isMoving = false;
    return this.#reading;
  }
}
