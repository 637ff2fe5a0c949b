/** How does a state of an earlier version become one of this? Its ledger is taken over, its analyses begin anew. */
import { DEFAULT_SETTINGS } from "#lib/events/operator.ts";
import { rebuildAll } from "./analysis/analyse.ts";
import { ANALYSIS_VERSION, type EngineState, STATE_VERSION } from "./state.ts";

/** The oldest state that can be taken over: that of the first version with snapshots. */
export const STATE_VERSION_MIN = 2;

/** Makes a restored state of version `from` one of this version. Analyses of another version are taken anew. */
export function upgradeState(state: EngineState, from: number): void {
  state.version = STATE_VERSION;
  if (from < 3) {
    state.settings = { ...DEFAULT_SETTINGS };
    state.calendar = null;
    state.nextSliceMs = Number.POSITIVE_INFINITY;
    state.sliceFromMs = Number.NEGATIVE_INFINITY;
  }
  if (from < 4) {
    state.accounts = [];
    state.liveAccounts = [];
    state.accountsWakeMs = Number.POSITIVE_INFINITY;
    state.tellings = [];
  }
  if (from >= 3 && state.analysisVersion === ANALYSIS_VERSION) return;
  // What was published goes too: the screens of this version read more of it than that one said.
  state.analyses = state.contracts.map(() => null);
  // The first states of version 3 knew no anchors.
  for (const contract of state.contracts) contract.anchors ??= [];
  state.analysisVersion = ANALYSIS_VERSION;
  rebuildAll(state);
}
