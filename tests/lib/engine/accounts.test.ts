/** Does the engine say fills, positions, silence and drift of a bridge once, restored and handed over alike? */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEngine } from "#lib/engine/engine.ts";
import { restOf, restoreState } from "#lib/engine/snapshot.ts";
import { ANALYSIS_VERSION, STATE_VERSION } from "#lib/engine/state.ts";
import { upgradeState } from "#lib/engine/upgrade-state.ts";
import { type BridgeReport, type ReportedExecution, type ReportHead, reportedEvent } from "#lib/events/bridge.ts";
import { emptyLedger } from "#lib/events/clock.ts";
import type { InputEvent } from "#lib/events/event.ts";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { BRIDGE_ACCOUNTS_MAX } from "#lib/limits.ts";
import type { Fact } from "#lib/outputs/fact.ts";
import { createOutputs } from "#lib/outputs/output.ts";

const START = Date.UTC(2026, 10, 20, 15);

/** An engine with a wall clock, whose feed's clock stands elsewhere and never moves. */
class Rig {
  engine = createEngine();
  wallMs = START;
  seq = 0;
  facts: Fact[] = [];
  wakes: number[] = [];

  send(event: InputEvent) {
    this.seq += 1;
    const outputs = createOutputs(4);
    const stamped = { ...event, seq: this.seq, nowMs: 1, receivedMs: this.wallMs } as InputEvent; // safe: only stamped
    const outcome = this.engine.process(stamped, outputs);
    this.engine.conclude(stamped, outputs, 0, (fact) => this.facts.push(fact));
    for (const said of outputs.list)
      if (said.type === "WakeAt" && said.clock === "wall") this.wakes.push(said.deadlineMs);
    return outcome;
  }

  tell(report: BridgeReport) {
    return this.send(reportedEvent(report));
  }

  head(account = "A"): ReportHead {
    return { account, reportId: `r${this.seq}`, sentMs: this.wallMs };
  }

  beat(account = "A") {
    const versions = { platformVersion: null, bridgeVersion: null };
    return this.tell({ kind: "heartbeat", ...this.head(account), connection: "Connected", ...versions });
  }

  hold(netContracts: number, averageTicks = 100, markTicks = 100) {
    const row = { contract: "MESZ26", netContracts, averageTicks, tickSize: 0.25, markTicks, unrealizedUsd: 0 };
    return this.tell({ kind: "positions", ...this.head(), positions: netContracts === 0 ? [] : [row] });
  }

  fill(executions: ReportedExecution[]) {
    return this.tell({ kind: "executions", ...this.head(), executions });
  }

  ring(deadlineMs: number) {
    this.wallMs = deadlineMs;
    return this.send({ ...UNSTAMPED, type: "DeadlineReached", clock: "wall", deadlineMs });
  }

  /** What was said since the last call, without places and times. */
  said(): string[] {
    return this.facts.splice(0).map((fact) => {
      if (fact.type === "FillReported") return `fill ${fact.fill.executionId}`;
      if (fact.type === "PositionChanged") return `${fact.position.netContracts} at ${fact.position.averageTicks}`;
      if (fact.type === "IncidentRaised") return fact.incident.kind;
      if (fact.type !== "LivenessChanged") return fact.type;
      return fact.liveness.status === "live" ? `${fact.account} live` : `${fact.account} ${fact.liveness.reason}`;
    });
  }
}

function execution(executionId: string, contracts = 1): ReportedExecution {
  const contract = { root: "MES", year: 2026, month: 12, tickSize: 0.25 };
  const traded = { side: "buy", contracts, priceTicks: 100, atMs: START, orderId: null, feeUsd: null } as const;
  return { executionId, account: "A", ...contract, ...traded, source: "bridge" };
}

test("fills and changed positions are facts, marks and repeats are not", () => {
  const rig = new Rig();
  rig.fill([execution("x1"), execution("x2")]);
  rig.hold(2);
  assert.deepEqual(rig.said(), ["fill x1", "fill x2", "2 at 100"]);
  rig.hold(2, 100, 140);
  assert.deepEqual(rig.fill([execution("x2")]), { status: "duplicate" });
  assert.deepEqual(rig.said(), []);
  rig.hold(3, 101);
  rig.hold(0);
  assert.deepEqual(rig.said(), ["3 at 101", "0 at 101"]);
});

test("five seconds of silence by the wall clock are told once, and the return of the bridge too", () => {
  const rig = new Rig();
  rig.beat();
  rig.hold(1);
  assert.deepEqual([rig.said(), rig.wakes], [["1 at 100", "A live"], [START + 5_000]]);
  rig.wallMs += 1_000;
  rig.beat();
  rig.hold(1);
  assert.equal(rig.wakes.length, 1, "one alarm at a time");
  rig.ring(START + 5_000);
  assert.deepEqual([rig.said(), rig.wakes.at(-1)], [[], START + 6_000]);
  rig.ring(START + 6_000);
  assert.deepEqual(rig.said(), ["A silent"]);
  assert.equal(rig.wakes.length, 2, "nothing more to wait for");
  rig.wallMs += 60_000;
  rig.hold(1);
  assert.deepEqual(rig.said(), []);
  rig.beat();
  assert.deepEqual([rig.said(), rig.wakes.at(-1)], [["A live"], rig.wallMs + 5_000]);
});

test("an event behind the deadline tells the silence before it counts itself", () => {
  const rig = new Rig();
  rig.beat();
  rig.hold(1);
  rig.said();
  rig.wallMs += 5_001;
  rig.beat();
  rig.hold(1);
  assert.deepEqual(rig.said(), ["A silent", "A live"]);
});

test("drift between fills and position is raised with both numbers", () => {
  const rig = new Rig();
  rig.fill([]);
  rig.hold(0);
  rig.fill([execution("x1", 2)]);
  rig.hold(1);
  rig.said();
  rig.wallMs += 3_000;
  rig.hold(1);
  const [raised] = rig.facts;
  assert.ok(raised.type === "IncidentRaised");
  const numbers = { contract: "MESZ26", fillsContracts: 2, reportedContracts: 1 };
  assert.deepEqual([raised.account, raised.incident], ["A", { kind: "drift", ...numbers }]);
});

test("an older report is stale and changes nothing; an account too many is refused by name", () => {
  const rig = new Rig();
  rig.hold(2);
  const before = structuredClone(rig.engine.state.accounts[0].positions);
  const late = { kind: "positions", account: "A", reportId: "late", sentMs: START - 1, positions: [] } as const;
  assert.deepEqual(rig.tell({ ...late, positions: [] }), { status: "stale", sentMs: START - 1, newestMs: START });
  assert.deepEqual(rig.engine.state.accounts[0].positions, before);
  for (let count = 1; count < BRIDGE_ACCOUNTS_MAX; count += 1) rig.beat(`B${count}`);
  const outcome = rig.beat("one more");
  assert.ok(outcome.status === "refused" && outcome.reason.includes('"one more"'), JSON.stringify(outcome));
});

test("what was cleared is gone, its executions are still known, and a bridge that lives says it again", () => {
  const rig = new Rig();
  rig.fill([execution("x1")]);
  rig.beat();
  rig.hold(1);
  rig.said();
  assert.deepEqual(rig.send({ ...UNSTAMPED, type: "PositionsCleared", account: "A" }), { status: "accepted" });
  assert.deepEqual(rig.said(), ["A cleared"]);
  assert.deepEqual(rig.send({ ...UNSTAMPED, type: "PositionsCleared", account: null }), { status: "unchanged" });
  assert.deepEqual(rig.fill([execution("x1")]), { status: "duplicate" });
  rig.beat();
  rig.hold(1);
  assert.deepEqual(rig.said(), ["1 at 100", "A live"]);
});

test("a restored engine has the same digest and goes on alike; a start arms the clock anew", () => {
  const rig = new Rig();
  rig.fill([execution("x1")]);
  rig.beat();
  rig.hold(1);
  const rest = structuredClone(restOf(rig.engine.state));
  const other = new Rig();
  restoreState(other.engine.state, rest, { rows: () => assert.fail(), analysis: () => assert.fail() });
  Object.assign(other, { seq: rig.seq, wallMs: rig.wallMs });
  assert.equal(other.engine.digest(), rig.engine.digest());
  other.wallMs += 2_000;
  const versions = { codeVersion: "", nodeVersion: "", snapshotVersion: 1, settingsVersion: 1 };
  other.send({ ...UNSTAMPED, type: "EngineStarted", epoch: 2, ...versions });
  assert.deepEqual([other.wakes, other.said()], [[START + 5_000], []]);
  assert.deepEqual(other.fill([execution("x1")]), { status: "duplicate" });
});

test("a new run takes the accounts over and finds out itself whether they live", () => {
  const former = new Rig();
  former.fill([execution("x1")]);
  former.beat();
  former.hold(1);
  const { accounts } = former.engine.state;
  const rig = new Rig();
  rig.wallMs += 3_000;
  const run = { runId: "x", mode: "LIVE", feed: "f", seed: null } as const;
  rig.send({ ...UNSTAMPED, type: "RunStarted", ...run, ...emptyLedger(), accounts });
  assert.deepEqual(rig.engine.state.accounts, accounts);
  assert.deepEqual(rig.fill([execution("x1")]), { status: "duplicate" });
  rig.beat();
  assert.deepEqual(rig.said(), ["A live"]);
  rig.hold(0);
  assert.equal(accounts[0].positions?.rows.length, 1, "its own copy");
});

test("a state of version 3, which knew no accounts, is taken over with its settings and analyses", () => {
  const { state } = createEngine();
  const { analyses } = state;
  const settings = { interval: "1m", lookbackDates: 9, accountSizeUsd: 150_000 } as const;
  const calendar = [{ name: "CPI", atMs: START, impact: "high", roots: ["ES"] }] as const;
  // Safe: what version 3 wrote is no state of ours.
  const former = { ...state, version: 3, settings, calendar, accounts: undefined, liveAccounts: undefined };
  Object.assign(state, former, { accountsWakeMs: undefined });
  upgradeState(state, 3);
  assert.deepEqual([state.accounts, state.liveAccounts], [[], []]);
  assert.deepEqual([state.version, state.accountsWakeMs], [STATE_VERSION, Number.POSITIVE_INFINITY]);
  const kept = [state.settings, state.calendar, state.analysisVersion];
  assert.deepEqual(kept, [settings, calendar, ANALYSIS_VERSION]);
  assert.equal(state.analyses, analyses, "nothing is rebuilt");
});
