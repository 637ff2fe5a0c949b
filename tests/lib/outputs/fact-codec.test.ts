/** Does every fact come back from its bytes as it was, and is what does not fit refused? */
import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { decodeFrame } from "#lib/events/codec.ts";
import { CodecError } from "#lib/events/codec-error.ts";
import { beginFrame, createFrameWriter, finishFrame } from "#lib/events/codec-frame.ts";
import { FACT_INTERVALS, type Fact, type FactBar } from "#lib/outputs/fact.ts";
import { appendFact, factCursorAt, readFact } from "#lib/outputs/fact-codec.ts";
import { checkTwice } from "#tests/support/property-runs.ts";
import { reportedExecution } from "#tests/support/sample-events.ts";

const u32 = fc.oneof(fc.constantFrom(0, 4_294_967_295), fc.integer({ min: 0, max: 4_294_967_295 }));
const ticks = fc.oneof(fc.constantFrom(-2_147_483_648, 2_147_483_647), fc.integer());
const ms = fc.double({ min: -1e13, max: 1e13, noNaN: true }).map((value) => value + 0);
const head = { seq: fc.integer({ min: 1, max: 2 ** 50 }), ordinal: u32, nowMs: ms, receivedMs: ms };
const contract = {
  contract: fc.integer({ min: 0, max: 65_535 }),
  root: fc.constantFrom("ES", "6E", "M2K", "ABCDEFGH"),
  year: fc.integer({ min: 1990, max: 2_060 }),
  month: fc.integer({ min: 1, max: 12 }),
  tickSize: fc.constantFrom(0.25, 0.0000005, 0.015625),
};
const bar = {
  openMs: ms,
  ...{ openTicks: ticks, highTicks: ticks, lowTicks: ticks, closeTicks: ticks },
  ...{ volume: u32, buyVolume: u32, sellVolume: u32, trades: u32 },
  vwapTicks: fc.option(fc.double({ noNaN: true }).map((value) => value + 0)),
  revision: fc.integer({ min: 0, max: 65_535 }),
  deltaSource: fc.integer({ min: 0, max: 4 }),
  madeOf: fc.integer({ min: 0, max: 3 }),
};
const plain = { noNullPrototype: true };
const number = fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0);
const score = fc.option(number);
const three = fc.array(number, { minLength: 3, maxLength: 3 });
const fit = {
  parameters: fc.record(
    { means: three, deviation: number, transitions: fc.array(three, { minLength: 3, maxLength: 3 }) },
    plain,
  ),
  fittedThroughMs: ms,
  former: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
  n: fc.integer({ min: 1, max: 3_072 }),
  logLikelihood: number,
};
/** Bars of history begin at whole milliseconds. */
const pastBar = { ...bar, openMs: fc.integer({ min: -(2 ** 50), max: 2 ** 50 }) };
const interval = fc.constantFrom(...FACT_INTERVALS);
const name = fc.string({ unit: "binary", minLength: 1 });
const positionNow = fc.record(
  { contract: name, netContracts: fc.integer(), averageTicks: number, tickSize: fc.constant(0.25) },
  plain,
);
const reason = fc.constantFrom("silent", "noHeartbeat", "brokerAway", "nothingYet", "cleared");
const liveness = fc.oneof(
  fc.record({ status: fc.constant("live") }, plain),
  fc.record({ status: fc.constant("stale"), reason, sinceMs: fc.option(ms) }, plain),
);
const bothNumbers = { contract: name, fillsContracts: number, reportedContracts: number };
const incident = fc.oneof(
  fc.record({ kind: fc.constantFrom("drift", "driftEnded"), ...bothNumbers }, plain),
  fc.record({ kind: fc.constant("executionChanged"), executionId: name, was: name, now: name }, plain),
);
const ANY_FACT: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ type: fc.constantFrom("BarClosed", "BarAmended"), ...head, ...contract, interval, ...bar }, plain),
  fc.record(
    {
      type: fc.constant("HistoryMerged"),
      ...head,
      ...contract,
      interval,
      bars: fc.array(fc.record(pastBar, plain) as fc.Arbitrary<FactBar>, { maxLength: 5 }),
    },
    plain,
  ),
  fc.record({ type: fc.constant("FrontChanged"), ...head, ...contract, reason: fc.string({ unit: "binary" }) }, plain),
  fc.record(
    {
      type: fc.constant("SettlementSet"),
      ...head,
      ...contract,
      tradeDate: fc.integer(),
      settlementTicks: fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => value + 0),
      source: fc.constantFrom("settlement", "est."),
    },
    plain,
  ),
  fc.record(
    {
      type: fc.constant("RegimeFitted"),
      ...head,
      ...contract,
      tradeDate: fc.integer(),
      barInterval: fc.constantFrom("1m", "5m", "15m"),
      fit: fc.option(fc.record(fit, plain)),
      refused: fc.option(fc.string()),
      shown: fc.constantFrom("rules", "hmm"),
      scores: fc.record({ rules: score, challenger: score, n: u32, sessions: u32 }, plain),
    },
    plain,
  ),
  fc.record({ type: fc.constant("FillReported"), ...head, fill: reportedExecution }, plain) as fc.Arbitrary<Fact>,
  fc.record({ type: fc.constant("PositionChanged"), ...head, account: name, position: positionNow }, plain),
  fc.record({ type: fc.constant("LivenessChanged"), ...head, account: name, liveness }, plain),
  fc.record({ type: fc.constant("IncidentRaised"), ...head, account: name, incident }, plain),
  fc.record(
    { type: fc.constant("PinChanged"), ...head, root: fc.constant("ES"), symbol: fc.option(fc.string()) },
    plain,
  ),
);

const BAR_FACT: Fact = {
  type: "BarClosed",
  ...{ seq: 9, ordinal: 1, nowMs: 5, receivedMs: 6 },
  ...{ contract: 3, root: "ES", year: 2026, month: 12, tickSize: 0.25 },
  interval: "5m",
  ...{ openMs: 1, openTicks: 1, highTicks: 2, lowTicks: -3, closeTicks: 0, volume: 7, buyVolume: 4, sellVolume: 3 },
  ...{ trades: 2, vwapTicks: null, revision: 0, deltaSource: 1, madeOf: 1 },
};

test("every fact comes back as it was, in order, beside the log's own records", (t) => {
  checkTwice(
    fc.property(fc.array(ANY_FACT, { maxLength: 6 }), (facts) => {
      const writer = createFrameWriter(64);
      beginFrame(writer, 10);
      for (const fact of facts) appendFact(writer, fact);
      const back: Fact[] = [];
      const seqs: number[] = [];
      decodeFrame(finishFrame(writer), () => assert.fail("a fact is no event"), {
        fact(view, at) {
          back.push(readFact(view, at));
          seqs.push(factCursorAt(view, at).seq);
        },
      });
      assert.deepEqual(back, facts);
      assert.deepEqual(
        seqs,
        facts.map((fact) => fact.seq),
      );
    }),
    { runs: 300, print: (line) => t.diagnostic(line) },
  );
});

test("a bar fact takes 120 bytes", () => {
  const writer = createFrameWriter();
  beginFrame(writer, 1);
  const before = writer.at;
  appendFact(writer, BAR_FACT);
  assert.equal(writer.at - before, 120);
});

test("what does not fit is refused by name, and the frame is as before", () => {
  const writer = createFrameWriter();
  beginFrame(writer, 1);
  appendFact(writer, BAR_FACT);
  const { at, records } = writer;
  const wrong: [Partial<Fact>, RegExp][] = [
    [{ openTicks: 0.5 }, /openTicks was 0.5/],
    [{ volume: -1 }, /volume was -1/],
    [{ revision: 65_536 }, /revision was 65536/],
    [{ root: "NINELONGS" }, /root was "NINELONGS"/],
  ];
  for (const [part, message] of wrong) {
    assert.throws(() => appendFact(writer, { ...BAR_FACT, ...part } as Fact), message);
    assert.throws(() => appendFact(writer, { ...BAR_FACT, ...part } as Fact), CodecError);
  }
  const front = { ...BAR_FACT, type: "FrontChanged", reason: 5 } as unknown as Fact;
  assert.throws(() => appendFact(writer, front), /FrontChanged/);
  assert.deepEqual([writer.at, writer.records], [at, records]);
});

test("a fact of a later version, or of no sane length, is named with its place", () => {
  const writer = createFrameWriter();
  beginFrame(writer, 1);
  appendFact(writer, BAR_FACT);
  const payload = finishFrame(writer);
  const read = (): void => decodeFrame(payload, () => {}, { fact: (view, at) => void readFact(view, at) });
  read();
  payload[16 + 4] = 7;
  assert.throws(read, /length of a fact was 7.* at payload byte 16/);
  payload[16 + 4] = 120;
  payload[16] = 139;
  assert.throws(read, /unknown fact of kind 139, version 1 at payload byte 16/);
});
