/** Does the strip say each anchor that stands, and nothing that was not published? */

import assert from "node:assert/strict";
import { test } from "node:test";
import { anchorName, anchorWords } from "#components/chart/anchors/anchor-words.ts";
import { instrumentOf } from "#lib/instrument.ts";
import type { InsightParts, InsightView } from "#lib/wire/insight.ts";

const AT_MS = Date.parse("2026-11-17T14:00:00Z");
const CHICAGO = "America/Chicago";

function viewOf(anchors: number[], anchored: InsightParts["anchored"] | null): InsightView {
  const parts = anchored === null ? null : ({ anchored } as InsightParts); // safe: nothing else is read here
  return { instrument: "ES", contract: "ESZ6", anchors, parts } as unknown as InsightView; // safe: as above
}

const READING: InsightParts["anchored"][number] = {
  atMs: AT_MS,
  vwap: {
    ...{ status: "ready", anchor: "custom", anchorMs: AT_MS, atMs: AT_MS + 420_000, n: 9, basis: "trades" },
    ...{ vwap: 6_012.3, sigma: 2.5, bands: [], reasons: ["9 contracts"] },
  },
  cvd: {
    ...{ status: "ready", anchor: "custom", anchorMs: AT_MS, atMs: AT_MS, n: 7, cvd: -1_234, delta: 1, volume: 9 },
    ...{ unsigned: 0, source: "aggressor", accuracy: null, sourceShares: {}, slope: null, bias: null },
    reasons: ["sides by aggressor"],
  },
};

test("an anchor reads by its minute, VWAP, sigma and CVD, with the reasons behind", () => {
  const view = viewOf([AT_MS], [READING]);
  const [words] = anchorWords(view, instrumentOf("ES"), CHICAGO);
  const { reasons, ...rest } = words;
  assert.deepEqual(rest, { atMs: AT_MS, name: "11-17 08:00", vwap: "6012.30", sigma: "2.50", cvd: "-1,234" });
  assert.equal(reasons, "9 contracts\nsides by aggressor\nbar closed 11-17 08:07");
  assert.equal(anchorName(AT_MS, "America/New_York"), "11-17 09:00");
});

test("one that nothing was published of yet, or that reads nothing, is named with dashes", () => {
  const warming = { status: "warming" as const, have: 0, need: 1, atMs: null, n: 0, reasons: [] };
  const views = [
    viewOf([AT_MS], null),
    viewOf([AT_MS], []),
    viewOf([AT_MS], [{ atMs: AT_MS, vwap: warming, cvd: warming }]),
  ];
  for (const view of views) {
    const [{ vwap, sigma, cvd, reasons }] = anchorWords(view, instrumentOf("ES"), CHICAGO);
    assert.deepEqual([vwap, sigma, cvd, reasons], ["–", "–", "–", "no bar has closed since"]);
  }
  assert.deepEqual(anchorWords(viewOf([], [READING]), instrumentOf("ES"), CHICAGO), []);
});
