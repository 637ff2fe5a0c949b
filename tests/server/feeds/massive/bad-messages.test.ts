/** Is each fault of each channel counted by its own reason, worded by its own name, and dropped? */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RejectReason } from "#server/feeds/feed.ts";
import { bar, begin, isConnected, START_MS, trade } from "#tests/support/massive-begin.ts";

type Message = { ev: string } & Record<string, unknown>;
type Fault = { message: Message; reason: RejectReason; words: RegExp };

const aTrade = (over: Record<string, unknown>): Message => trade(6_000, START_MS, over);
const aQuote = (over: Record<string, unknown>): Message => {
  const sides = { bp: 6_000, bs: 5, bt: START_MS, ap: 6_000.25, as: 5, at: START_MS };
  return { ev: "Q", sym: "ESZ6", ...sides, t: START_MS, ...over };
};
const aBar = (ev: "A" | "AM", over: Record<string, unknown>): Message => ({
  ...bar(ev, ev === "A" ? START_MS + 1_000 : START_MS, 6_000),
  ...over,
});

/** 2,001 ms before the newest of its own channel; `e` and `s` of bars lie on their windows. */
const EARLY = START_MS - 2_001;
/** A day ahead: taken, it would make all that follows seem late. */
const AHEAD = START_MS + 86_400_000;

const FAULTS: readonly Fault[] = [
  { message: aTrade({ p: "NaN" }), reason: "not-a-number", words: /^p is no number in .*"T"/ },
  { message: aTrade({ p: "6000.25x" }), reason: "not-a-number", words: /^p is no number/ },
  { message: aQuote({ bp: "" }), reason: "not-a-number", words: /^bp is no number in .*"Q"/ },
  { message: aBar("A", { o: "NaN" }), reason: "not-a-number", words: /^o is no number in .*"A"/ },
  { message: aTrade({ s: -1 }), reason: "negative-size", words: /^s is -1/ },
  { message: aQuote({ as: -3 }), reason: "negative-size", words: /^as is -3/ },
  { message: aBar("AM", { v: "-2" }), reason: "negative-size", words: /^v is -2/ },
  { message: aTrade({ t: EARLY }), reason: "time-backwards", words: /^T\.ESZ6 ran back 2001 ms/ },
  { message: aQuote({ t: EARLY }), reason: "time-backwards", words: /^Q\.ESZ6 ran back 2001 ms/ },
  {
    message: aBar("A", { s: START_MS - 3_000, e: START_MS - 2_000 }),
    reason: "time-backwards",
    words: /^A\.ESZ6 ran back 3000 ms/,
  },
  { message: aTrade({ t: AHEAD }), reason: "time-ahead", words: /^T\.ESZ6 is \d+ ms ahead of its arrival/ },
  { message: aQuote({ t: AHEAD }), reason: "time-ahead", words: /^Q\.ESZ6 is \d+ ms ahead/ },
  {
    message: aBar("AM", { s: AHEAD, e: AHEAD + 60_000 }),
    reason: "time-ahead",
    words: /^AM\.ESZ6 is \d+ ms ahead/,
  },
  { message: aTrade({ sym: "ESH7" }), reason: "unknown-contract", words: /^T\.ESH7 is none that was subscribed/ },
  { message: aQuote({ sym: "NQZ6" }), reason: "unknown-contract", words: /^Q\.NQZ6 is none/ },
  { message: aBar("AM", { sym: "ESZ6-ESH7" }), reason: "unknown-contract", words: /^AM\.ESZ6-ESH7 is none/ },
  { message: aTrade({ p: 6_000.1 }), reason: "off-tick", words: /^T\.ESZ6 at 6000\.1 is no multiple of 0\.25/ },
  { message: aQuote({ ap: 6_000.3 }), reason: "off-tick", words: /^Q\.ESZ6 at 6000\.3 is no multiple/ },
  { message: aBar("A", { h: "6000.1" }), reason: "off-tick", words: /^A\.ESZ6 at 6000\.1 is no multiple/ },
  {
    message: aTrade({ p: 60_000 }),
    reason: "other-scale",
    words: /^T\.ESZ6 at 60000 is a power of ten away from 6000/,
  },
  { message: aQuote({ bp: 60, ap: 60.25 }), reason: "other-scale", words: /^Q\.ESZ6 at 60 is a power of ten/ },
  {
    message: aBar("AM", { o: 600_000, h: 600_000, l: 600_000, c: 600_000 }),
    reason: "other-scale",
    words: /^AM\.ESZ6 at 600000 is a power of ten/,
  },
  { message: aTrade({ s: 1.5 }), reason: "malformed", words: /^s is no count/ },
  { message: aTrade({ q: -1 }), reason: "malformed", words: /^q is no whole number/ },
  { message: aTrade({ t: START_MS * 1e6 }), reason: "malformed", words: /^t is no time in ms/ },
  { message: aTrade({ sym: "" }), reason: "malformed", words: /^sym is no text/ },
  { message: aQuote({ bs: undefined }), reason: "malformed", words: /^bs is missing/ },
  { message: aBar("A", { e: START_MS + 9_000 }), reason: "malformed", words: /^a window of 8000 ms/ },
  { message: aBar("A", { l: 6_001 }), reason: "malformed", words: /^low above high/ },
  { message: { ev: "X", sym: "ESZ6" }, reason: "malformed", words: /^an event "X" is none that we know/ },
];

/** A good message of every channel, by which the next ones are judged. */
const GOOD: readonly Message[] = [aTrade({}), aQuote({}), aBar("A", { s: START_MS, e: START_MS + 1_000 })];

for (const hasTrades of [true, false]) {
  const plan = hasTrades ? "trades, quotes and bars" : "bars alone";
  test(`on a plan of ${plan} every fault is counted by its reason and nothing is told of it`, async (t) => {
    const { server, rig } = await begin(t, { hasTrades });
    assert.ok(await rig.settle(() => isConnected(rig)));
    const { report } = rig.feed.controls;
    const send = async (text: string): Promise<void> => {
      const due = report().frames + 1;
      server.sendRaw(text);
      assert.ok(await rig.settle(() => report().frames >= due));
    };
    await send(JSON.stringify(hasTrades ? GOOD : GOOD.slice(2)));
    const first = hasTrades ? "TradePrinted" : "BarReceived";
    const isBegun = () => ["GapFilled", first].every((wanted) => rig.events.some(({ type }) => type === wanted));
    assert.ok(await rig.until(isBegun, 10));
    assert.equal(rig.rejects.length, 0);
    for (const { message, reason, words } of FAULTS) {
      const isTold = hasTrades || message.ev === "A" || message.ev === "AM" || reason === "unknown-contract";
      const isOfChannel = reason.startsWith("time-") || reason === "off-tick" || reason === "other-scale";
      // What a plan does not have has no newest message either.
      if (!isTold && isOfChannel) continue;
      // On a plan with trades a bar over own trades is left out before its prices are looked at.
      if (hasTrades && message.ev.startsWith("A") && (reason === "off-tick" || reason === "other-scale")) continue;
      const told = rig.events.length;
      rig.rejects.length = 0;
      await send(JSON.stringify([message]));
      assert.deepEqual(
        rig.rejects.map((reject) => reject.reason),
        [reason],
        JSON.stringify(message),
      );
      assert.match(rig.rejects[0].detail, words);
      assert.equal(rig.events.length, told, `nothing is told of ${JSON.stringify(message)}`);
    }
  });
}

test("what is no JSON, or no message, is one malformed frame; those beside it are read", async (t) => {
  const { server, rig } = await begin(t);
  assert.ok(await rig.settle(() => isConnected(rig)));
  const good = JSON.stringify(trade(6_000, START_MS));
  server.sendRaw("{not json");
  server.sendRaw(`[${good},`);
  server.sendRaw(`[7,null,"x",${good}]`);
  assert.ok(await rig.settle(() => rig.events.some(({ type }) => type === "TradePrinted")));
  assert.deepEqual(
    rig.rejects.map(({ reason, detail }) => `${reason}: ${detail.slice(0, 22)}`),
    [
      "malformed: a frame is not JSON: {",
      "malformed: a frame is not JSON: [",
      "malformed: a message was 7",
      "malformed: a message was null",
      "malformed: a message was x",
    ],
  );
});
