/** Given these reports of a bridge, what counts, what is alive, and what must a person be told? */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  acceptReportedPosition,
  bridgeLiveness,
  createBridgeAccount,
  takeBridgeReport,
} from "#lib/account/bridge-account.ts";
import type {
  BridgeReport,
  ReportedAccountValues,
  ReportedExecution,
  ReportedPosition,
  ReportHead,
} from "#lib/events/bridge.ts";
import type { BridgeAccount } from "#lib/events/bridge-ledger.ts";
import { BRIDGE_DRIFT_MS, BRIDGE_EXECUTIONS_KNOWN_MAX, BRIDGE_REPORTS_KNOWN_MAX } from "#lib/limits.ts";
import { checkTwice } from "../../support/property-runs.ts";

const START = Date.UTC(2026, 10, 20, 15);
const NO_VALUES: ReportedAccountValues = {
  cashUsd: null,
  realizedUsd: null,
  unrealizedUsd: null,
  marginUsd: null,
  netLiquidationUsd: null,
  drawdownLeftUsd: null,
  dailyLossLimitUsd: null,
};

/** An account with a wall clock; each report is sent now unless it says otherwise. */
class Rig {
  state: BridgeAccount = createBridgeAccount("A");
  nowMs = START;
  sent = 0;

  take(report: BridgeReport) {
    return takeBridgeReport(this.state, report, this.nowMs);
  }

  head(over: Partial<ReportHead>): ReportHead {
    this.sent += 1;
    return { account: "A", reportId: `r${this.sent}`, sentMs: this.nowMs, ...over };
  }

  positions(net: Record<string, number>, over: Partial<ReportHead> = {}) {
    return this.take({ kind: "positions", ...this.head(over), positions: Object.entries(net).map(position) });
  }

  executions(executions: ReportedExecution[], over: Partial<ReportHead> = {}) {
    return this.take({ kind: "executions", ...this.head(over), executions });
  }

  beat(connection = "Connected", over: Partial<ReportHead> = {}) {
    const versions = { platformVersion: "8.1.5", bridgeVersion: "1.0" };
    return this.take({ kind: "heartbeat", ...this.head(over), connection, ...versions });
  }

  values(values: Partial<ReportedAccountValues>, over: Partial<ReportHead> = {}) {
    return this.take({ kind: "account", ...this.head(over), values: { ...NO_VALUES, ...values } });
  }

  /** The incidents of this many seconds of positions that stay as they are. */
  incidentsOver(seconds: number, net: Record<string, number>) {
    return Array.from({ length: seconds }, () => {
      this.nowMs += 1_000;
      const outcome = this.positions(net);
      return outcome.status === "accepted" ? outcome.incidents : [];
    }).flat();
  }
}

function position([contract, netContracts]: [string, number]): ReportedPosition {
  return { contract, netContracts, averageTicks: 24_049.5, tickSize: 0.25, markTicks: null, unrealizedUsd: null };
}

function execution(executionId: string, net: number, over: Partial<ReportedExecution> = {}): ReportedExecution {
  return {
    executionId,
    account: "A",
    root: "MES",
    year: 2026,
    month: 12,
    side: net > 0 ? "buy" : "sell",
    contracts: Math.abs(net),
    priceTicks: 24_049,
    tickSize: 0.25,
    atMs: START,
    orderId: null,
    feeUsd: null,
    source: "bridge",
    ...over,
  };
}

test("the same report twice counts once; a report that was overtaken is stale, and both are counted", () => {
  const rig = new Rig();
  assert.equal(rig.positions({ MESZ26: 2 }, { reportId: "a", sentMs: START }).status, "accepted");
  rig.nowMs += 700;
  assert.equal(rig.positions({ MESZ26: 2 }, { reportId: "a", sentMs: START }).status, "duplicate");
  assert.equal(rig.state.positions?.receivedMs, START, "a repeat is no sign of life");
  assert.equal(rig.positions({}, { reportId: "b", sentMs: START + 1 }).status, "accepted");
  const stale = rig.positions({ MESZ26: 3 }, { reportId: "c", sentMs: START });
  assert.deepEqual(stale, { status: "stale", sentMs: START, newestMs: START + 1 });
  assert.deepEqual(rig.state.positions?.rows, []);
  assert.deepEqual([rig.state.duplicateReports, rig.state.staleReports], [1, 1]);
});

test("kinds are ordered apart: late orders do not make positions stale", () => {
  const rig = new Rig();
  rig.values({ cashUsd: 1 }, { sentMs: START + 50 });
  assert.equal(rig.positions({}, { sentMs: START + 10 }).status, "accepted");
  assert.equal(rig.take({ kind: "orders", ...rig.head({ sentMs: START }), orders: [] }).status, "accepted");
  assert.equal(rig.values({ cashUsd: 2 }, { sentMs: START + 49 }).status, "stale");
});

test("without an id the content tells a repeat; without a time every report is a new word", () => {
  const rig = new Rig();
  const old = { reportId: null, sentMs: START };
  assert.equal(rig.positions({ MESZ26: 1 }, old).status, "accepted");
  assert.equal(rig.positions({ MESZ26: 1 }, old).status, "duplicate");
  // Out and in again within one second of a clock that has no parts of one.
  assert.equal(rig.positions({}, old).status, "accepted");
  assert.equal(rig.positions({ MESZ26: 1 }, old).status, "accepted");
  const bare = { reportId: null, sentMs: null };
  for (const net of [{}, { MESZ26: 1 }, {}, {}]) assert.equal(rig.positions(net, bare).status, "accepted");
  assert.deepEqual(rig.state.positions?.rows, []);
});

test("no more ids are remembered than the limit says, and the newest are", () => {
  const rig = new Rig();
  for (let index = 0; index < BRIDGE_REPORTS_KNOWN_MAX + 10; index += 1) rig.beat();
  assert.equal(rig.state.knownIds.length, BRIDGE_REPORTS_KNOWN_MAX);
  assert.equal(rig.beat("Connected", { reportId: `r${rig.sent}` }).status, "duplicate");
});

test("positions turn stale five seconds after the last heartbeat, and live again with the next", () => {
  const rig = new Rig();
  assert.deepEqual(bridgeLiveness(rig.state, START), { status: "stale", reason: "nothingYet", sinceMs: null });
  rig.positions({ MESZ26: 2 });
  rig.beat();
  assert.deepEqual(bridgeLiveness(rig.state, START + 4_999), { status: "live", untilMs: START + 5_000 });
  const silent = { status: "stale", reason: "silent", sinceMs: START + 5_000 };
  assert.deepEqual(bridgeLiveness(rig.state, START + 5_000), silent);
  assert.equal(rig.state.positions?.rows[0]?.netContracts, 2, "stale is not flat");
  rig.nowMs = START + 9_000;
  rig.beat();
  assert.deepEqual(bridgeLiveness(rig.state, rig.nowMs), silent, "a heartbeat alone says nothing of positions");
  rig.positions({ MESZ26: 2 });
  assert.equal(bridgeLiveness(rig.state, rig.nowMs).status, "live");
  rig.nowMs += 5_000;
  rig.positions({ MESZ26: 2 });
  assert.equal(bridgeLiveness(rig.state, rig.nowMs).status, "stale", "nor do positions without a heartbeat");
});

test("flat is live with a heartbeat; the platform without its broker is stale; the incumbent's bridge always is", () => {
  const rig = new Rig();
  rig.positions({});
  assert.deepEqual(bridgeLiveness(rig.state, START), { status: "stale", reason: "noHeartbeat", sinceMs: START });
  rig.beat();
  assert.equal(bridgeLiveness(rig.state, START).status, "live");
  rig.nowMs += 500;
  rig.beat("ConnectionLost");
  const away = { status: "stale", reason: "brokerAway", sinceMs: START + 500 };
  assert.deepEqual(bridgeLiveness(rig.state, START + 600), away);
});

test("executions are known one by one: a resent session adds nothing, a late batch only what is new", () => {
  const rig = new Rig();
  const fillsOf = (outcome: ReturnType<Rig["take"]>) =>
    outcome.status === "accepted" ? outcome.fills.map((fill) => fill.executionId) : outcome.status;
  assert.deepEqual(fillsOf(rig.executions([execution("1", 2), execution("2", -1)])), ["1", "2"]);
  assert.equal(fillsOf(rig.executions([execution("1", 2), execution("2", -1)])), "duplicate");
  assert.deepEqual(fillsOf(rig.executions([execution("2", -1), execution("3", -1)], { sentMs: START - 9_000 })), ["3"]);
  assert.deepEqual(fillsOf(rig.executions([])), [], "an empty report only says that this bridge has them");
  assert.deepEqual(fillsOf(rig.executions([execution("__proto__", 1), execution("7", 1)])), ["__proto__", "7"]);
  assert.equal(fillsOf(rig.executions([execution("__proto__", 1)])), "duplicate");
});

test("an execution that comes again with other words is told, and the first word stands", () => {
  const rig = new Rig();
  rig.executions([execution("1", 2)]);
  const outcome = rig.executions([execution("1", 2, { priceTicks: 24_050, atMs: START + 5 })]);
  assert.deepEqual(outcome, {
    status: "accepted",
    fills: [],
    incidents: [
      {
        kind: "executionChanged",
        executionId: "1",
        was: "buy 2 MESZ26 at 24049 ticks",
        now: "buy 2 MESZ26 at 24050 ticks",
      },
    ],
  });
  assert.equal(
    rig.executions([execution("1", 2, { atMs: START + 5 })]).status,
    "duplicate",
    "a mended time is no news",
  );
});

test("known executions are bounded; what is as old as the forgotten ones is never counted twice", () => {
  const rig = new Rig();
  const day = Array.from({ length: BRIDGE_EXECUTIONS_KNOWN_MAX + 1 }, (_, index) =>
    execution(String(index), 1, { atMs: START + index }),
  );
  rig.executions(day);
  assert.equal(rig.state.executions.count, BRIDGE_EXECUTIONS_KNOWN_MAX * 0.9 + 1);
  assert.equal(Object.keys(rig.state.executions.told).length, rig.state.executions.count);
  assert.equal(rig.executions(day).status, "duplicate");
  assert.equal(rig.state.executions.tooOld, BRIDGE_EXECUTIONS_KNOWN_MAX / 10);
});

test("a position that its fills do not make is told once, with both numbers, and once when it has gone", () => {
  const rig = new Rig();
  rig.executions([]);
  rig.positions({ MESZ26: 1 });
  rig.executions([execution("1", 2)]);
  assert.deepEqual(rig.incidentsOver(10, { MESZ26: 4 }), [
    { kind: "drift", contract: "MESZ26", fillsContracts: 3, reportedContracts: 4 },
  ]);
  // The fill that was missing comes after all.
  rig.executions([execution("2", 1)]);
  assert.deepEqual(rig.incidentsOver(3, { MESZ26: 4 }), [
    { kind: "driftEnded", contract: "MESZ26", fillsContracts: 4, reportedContracts: 4 },
  ]);
  assert.deepEqual(rig.state.drifts, {});
});

test("a drift is raised at its time and not before; a fill that only comes before its position is none", () => {
  const rig = new Rig();
  rig.executions([]);
  rig.positions({});
  rig.executions([execution("1", 1)]);
  rig.positions({});
  rig.nowMs += BRIDGE_DRIFT_MS - 1;
  assert.deepEqual(rig.positions({}), { status: "accepted", fills: [], incidents: [] });
  rig.positions({ MESZ26: 1 });
  rig.executions([execution("2", 1)]);
  assert.deepEqual(rig.incidentsOver(3, { MESZ26: 1 }), [], "the clock began anew");
  assert.equal(rig.incidentsOver(1, { MESZ26: 1 }).length, 1);
});

test("a difference that changes begins anew, and a raised one that changes is told again", () => {
  const rig = new Rig();
  rig.executions([]);
  rig.positions({});
  assert.deepEqual([...rig.incidentsOver(3, { MESZ26: 1 }), ...rig.incidentsOver(3, { MESZ26: 2 })], []);
  assert.equal(rig.incidentsOver(5, { MESZ26: 2 }).length, 1);
  assert.equal(rig.incidentsOver(5, { MESZ26: -2 }).length, 1);
});

test("without executions no drift is told; positions at the first report need no fills", () => {
  const rig = new Rig();
  rig.positions({ MESZ26: 2 });
  assert.deepEqual(rig.incidentsOver(10, { MESZ26: 5 }), []);
  rig.executions([execution("1", 3)]);
  assert.deepEqual(rig.incidentsOver(10, { MESZ26: 5 }), [], "the session's fills are in the first position");
});

test("a contract that only the platform knows, or only the fills know, drifts too", () => {
  const rig = new Rig();
  rig.executions([]);
  rig.positions({});
  rig.executions([execution("1", -1)]);
  const told = rig.incidentsOver(6, { GCZ26: 1 }).map((incident) => "contract" in incident && incident.contract);
  assert.deepEqual(told, ["GCZ26", "MESZ26"]);
});

test("a person may take the reported position for true, and counting begins anew", () => {
  const rig = new Rig();
  rig.executions([]);
  rig.positions({});
  rig.executions([execution("0", 1)]);
  assert.equal(rig.incidentsOver(6, { MESZ26: 3 }).length, 1);
  acceptReportedPosition(rig.state, "MESZ26");
  assert.deepEqual(rig.incidentsOver(6, { MESZ26: 3 }), []);
  rig.executions([execution("1", -3)]);
  assert.deepEqual(rig.incidentsOver(6, {}), []);
});

test("the floor that the broker reports is kept while later reports have none", () => {
  const rig = new Rig();
  rig.values({ netLiquidationUsd: 50_300, drawdownLeftUsd: 1_750, dailyLossLimitUsd: 1_000 });
  rig.nowMs += 1_000;
  rig.values({ netLiquidationUsd: 50_200 });
  assert.deepEqual(rig.state.brokerFloor, { receivedMs: START, drawdownLeftUsd: 1_750, floorUsd: 48_550 });
  assert.deepEqual(rig.state.brokerDailyLossLimit, { receivedMs: START, limitUsd: 1_000 });
  assert.equal(rig.state.values?.reported.netLiquidationUsd, 50_200);
  rig.values({ drawdownLeftUsd: 900 });
  assert.deepEqual(rig.state.brokerFloor, { receivedMs: START + 1_000, drawdownLeftUsd: 900, floorUsd: null });
});

test("however executions are split, repeated and mixed, the fills count once and no drift is told", (t) => {
  const nets = fc.array(
    fc.integer({ min: -5, max: 5 }).filter((net) => net !== 0),
    { minLength: 1, maxLength: 30 },
  );
  const property = fc.property(nets, fc.infiniteStream(fc.nat({ max: 1_000 })), (signed, picks) => {
    const rig = new Rig();
    rig.executions([]);
    rig.positions({ MESZ26: 3 });
    const all = signed.map((net, index) => execution(String(index), net));
    const pick = () => picks.next().value ?? 0;
    const mixed = [...all, ...all].map((row) => ({ row, key: pick() })).sort((a, b) => a.key - b.key);
    let accepted = 0;
    for (let at = 0; at < mixed.length; ) {
      const batch = mixed.slice(at, at + 1 + (pick() % 4)).map(({ row }) => row);
      at += batch.length;
      const outcome = rig.executions(batch, { sentMs: START - pick() });
      if (outcome.status === "accepted") accepted += outcome.fills.length;
    }
    assert.equal(accepted, all.length);
    const net = signed.reduce((sum, one) => sum + one, 3);
    assert.deepEqual(rig.incidentsOver(6, net === 0 ? {} : { MESZ26: net }), []);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});

test("in whatever order reports arrive, the newest that was sent is what stands", (t) => {
  const order = fc.array(fc.record({ sent: fc.integer({ min: 0, max: 20 }), again: fc.boolean() }), { minLength: 1 });
  const property = fc.property(order, (arrivals) => {
    const rig = new Rig();
    for (const { sent, again } of arrivals) {
      const post = () => rig.positions({ MESZ26: sent + 1 }, { reportId: `id${sent}`, sentMs: START + sent });
      post();
      if (again) assert.notEqual(post().status, "accepted");
    }
    const newest = Math.max(...arrivals.map(({ sent }) => sent));
    assert.equal(rig.state.positions?.rows[0].netContracts, newest + 1);
  });
  checkTwice(property, { print: (line) => t.diagnostic(line) });
});
