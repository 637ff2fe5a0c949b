/** Which contract of a root is shown and traded? Decided at the open of each trade date from the completed one. */
import { rowAt } from "#lib/bars/bar-series.ts";
import { DAY_SERIES } from "#lib/bars/interval.ts";
import { type Contract, contractLongSymbol, expiryOrder, isSameContract, parseContract } from "#lib/contract.ts";
import type { ContractPinned } from "#lib/events/operator.ts";
import { type ContractVolume, decideFront, firstFront, microFront } from "#lib/front-contract.ts";
import { instrumentOf } from "#lib/instrument.ts";
import { ACCEPTED, type Outcome, type Outputs, UNCHANGED } from "#lib/outputs/output.ts";
import { nextTradeDate, previousTradeDate, sessionOpenMs, tradeDateAt } from "#lib/session.ts";
import { type TradeDate, tradeDate } from "#lib/units.ts";
import type { ContractState, EngineState, RootState } from "./state.ts";

/** Contracts of a root, nearest expiry first. */
export function contractsOf(state: EngineState, root: string): ContractState[] {
  return state.contracts.filter((contract) => contract.root === root).sort(expiryOrder);
}

/** A listed contract joins its root; before the first decision the calendar's front is it. */
export function joinRoot(state: EngineState, contract: ContractState, outputs: Outputs): void {
  const known = state.roots.find((entry) => entry.root === contract.root);
  if (known === undefined) {
    const { root, calendar } = contract;
    state.roots.push({
      root,
      calendar,
      front: contract.index,
      reason: "first",
      decidedOn: 0,
      nextRollMs: Number.NEGATIVE_INFINITY,
    });
    outputs.list.push({ type: "FrontChanged", root, contract: contract.index, reason: "first" });
    return;
  }
  known.decidedOn = 0;
  known.nextRollMs = Number.NEGATIVE_INFINITY;
}

/** Decides what is due at `nowMs`; returns when the next trade date opens. Micros come after their minis. */
export function reviewFront(state: EngineState, root: RootState, nowMs: number, outputs: Outputs): void {
  const today = tradeDateAt(root.calendar, nowMs);
  const completed = previousTradeDate(root.calendar, today);
  root.nextRollMs = sessionOpenMs(root.calendar, nextTradeDate(root.calendar, today));
  if (root.decidedOn >= completed) return;
  const choice = chosen(state, root, completed);
  root.decidedOn = completed;
  setFront(state, root, choice.contract, choice.reason, outputs);
}

type Choice = { contract: Contract; reason: string };

function chosen(state: EngineState, root: RootState, completed: TradeDate): Choice {
  const mini = instrumentOf(root.root)?.mini ?? null;
  const miniRoot = state.roots.find((entry) => entry.root === mini);
  const pinned = pinnedChoice(state, root, completed);
  if (pinned !== null) return pinned;
  if (miniRoot !== undefined) {
    return { contract: microFront(root.root, state.contracts[miniRoot.front]), reason: `follows ${miniRoot.root}` };
  }
  return chosenByVolume(state, root, completed);
}

/** Goes through the completed dates since the last decision, one after the other, as live trading would have. */
function chosenByVolume(state: EngineState, root: RootState, completed: TradeDate): Choice {
  const first = root.decidedOn > 0 ? nextTradeDate(root.calendar, tradeDate(root.decidedOn)) : oldestDate(state, root);
  let choice: Choice | null =
    root.decidedOn > 0 ? { contract: state.contracts[root.front], reason: root.reason } : null;
  for (let date = first ?? completed; date <= completed; date = nextTradeDate(root.calendar, date)) {
    const volumes = volumesOn(state, root, date);
    const front = choice?.contract ?? null;
    choice = decideFront({ root: root.root, front, volumes, completed: date, pin: null });
  }
  return choice ?? { contract: firstFront(root.root, completed), reason: "first" };
}

function oldestDate(state: EngineState, root: RootState): TradeDate | null {
  let oldestMs = Number.POSITIVE_INFINITY;
  for (const contract of contractsOf(state, root.root)) {
    const days = contract.series[DAY_SERIES];
    if (days.length > 0) oldestMs = Math.min(oldestMs, days.openMs[0]);
  }
  return Number.isFinite(oldestMs) ? tradeDateAt(root.calendar, oldestMs) : null;
}

function volumesOn(state: EngineState, root: RootState, date: TradeDate): ContractVolume[] {
  const openMs = sessionOpenMs(root.calendar, date);
  return contractsOf(state, root.root).map((contract) => {
    const days = contract.series[DAY_SERIES];
    const row = rowAt(days, openMs);
    return { contract, volume: row < 0 ? 0 : days.volume[row] };
  });
}

/** The choice where it is listed in this run, else the nearest listed expiry behind it, else what there is. */
function setFront(state: EngineState, root: RootState, contract: Contract, reason: string, outputs: Outputs): void {
  const listed = contractsOf(state, root.root);
  const exact = listed.find((entry) => isSameContract(entry, contract));
  const found = exact ?? listed.find((entry) => expiryOrder(entry, contract) > 0) ?? listed.at(-1);
  if (found === undefined) return;
  root.reason = reason;
  if (root.front === found.index) return;
  root.front = found.index;
  outputs.list.push({ type: "FrontChanged", root: root.root, contract: found.index, reason });
}

/** The user's choice while it lasts: a pin lapses behind its contract's last trade date. */
function pinnedChoice(state: EngineState, root: RootState, completed: TradeDate): Choice | null {
  const symbol = state.pins[root.root];
  if (symbol === undefined) return null;
  const pin = parseContract(symbol, state.nowMs);
  if ("refused" in pin) return null;
  const decision = decideFront({ root: root.root, front: null, volumes: [], completed, pin });
  return decision.reason === "pinned" ? decision : null;
}

/** The user pins a contract of this run, or frees the root; anything else is refused by name. */
export function applyPin(state: EngineState, event: ContractPinned, outputs: Outputs): Outcome {
  const root = state.roots.find((entry) => entry.root === event.root);
  if (root === undefined) return { status: "refused", reason: `root "${event.root}" is not followed in this run` };
  const before = state.pins[event.root] ?? null;
  if (event.symbol === null) {
    delete state.pins[event.root];
  } else {
    const listed = contractsOf(state, event.root);
    const wanted = listed.find((entry) => contractLongSymbol(entry) === event.symbol);
    if (wanted === undefined) {
      const names = listed.map(contractLongSymbol).join(", ");
      return { status: "refused", reason: `contract "${event.symbol}" is none of this run, expected one of ${names}` };
    }
    state.pins[event.root] = event.symbol;
  }
  if (before === event.symbol) return UNCHANGED;
  for (const entry of state.roots) {
    if (entry === root || instrumentOf(entry.root)?.mini === root.root) entry.decidedOn = 0;
    if (entry.decidedOn === 0) reviewFront(state, entry, event.nowMs, outputs);
  }
  outputs.list.push({ type: "PinChanged", root: event.root });
  return ACCEPTED;
}
