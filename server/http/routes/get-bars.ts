/** What were the bars of a contract? */

import { z } from "zod";
import { BARS_ANSWER_MAX, BARS_ANSWER_USUAL } from "#lib/limits.ts";
import { barsAnswerSchema } from "#lib/wire/bars.ts";
import { type Interval, parseInterval, TIME_INTERVALS } from "#lib/wire/topic.ts";
import { CodedError } from "#server/errors.ts";
import { isoInstant } from "#server/settings.ts";
import { shortSymbolOf } from "../contract-name.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

const INSTANT_EXPECTED = "epoch ms, or ISO time with zone such as 2026-11-20T14:30:00Z";
const LIMIT_EXPECTED = `a whole number from 1 to ${BARS_ANSWER_MAX}`;
const INTERVAL_EXPECTED = `${TIME_INTERVALS.join(" ")}, or N trades, volume or ticks of range: 500t 2000v 8r`;

/** Epoch ms or ISO text → epoch ms. A blank before the zone is a `+` that nobody escaped. */
const instant = z
  .string({ error: INSTANT_EXPECTED })
  .transform((text) => (/^\d{1,15}$/.test(text) ? Number(text) : isoMs(text)))
  .refine((ms) => ms !== null, { error: INSTANT_EXPECTED })
  .describe(INSTANT_EXPECTED);

const limit = z
  .string({ error: LIMIT_EXPECTED })
  .regex(/^\d{1,6}$/, { error: LIMIT_EXPECTED })
  .transform(Number)
  .refine((rows) => rows >= 1 && rows <= BARS_ANSWER_MAX, { error: LIMIT_EXPECTED })
  .describe(`${LIMIT_EXPECTED}; ${BARS_ANSWER_USUAL} where absent`);

const querySchema = z.strictObject({
  interval: z.string().optional().describe(`${INTERVAL_EXPECTED}; 1m where absent`),
  hours: z.enum(["eth", "rth"]).default("eth"),
  from: instant.optional(),
  to: instant.optional(),
  limit: limit.optional(),
});

/** GET /bars/:contract: closed bars with from ≤ openMs < to, the newest `limit` of them, oldest first. */
export function getBars(app: HttpApp, deps: HttpDeps): void {
  const schema = {
    summary: "Closed bars, newest last; ask again with to = next for the page before",
    params: z.object({ contract: z.string().describe("ESZ6, ESZ26, or another spelling of a contract") }),
    querystring: querySchema,
    response: { 200: barsAnswerSchema },
  };
  // NOTE: the answer is typed, and up to 50,000 rows: it is not walked through zod again.
  const serializerCompiler = () => (answer: unknown) => JSON.stringify(answer);
  app.get("/bars/:contract", { schema, serializerCompiler }, async (request) => {
    const { query } = request;
    const interval = intervalOf(query.interval);
    const [fromMs, toMs] = [query.from ?? null, query.to ?? null];
    if (fromMs !== null && toMs !== null && fromMs >= toMs) {
      throw new CodedError("BAD_SHAPE", { field: "from", expected: "a time before `to`", received: String(fromMs) });
    }
    const given = request.params.contract;
    const symbol = shortSymbolOf(given, deps.status().nowMs);
    const rows = query.limit ?? BARS_ANSWER_USUAL;
    const answer =
      symbol === null ? null : deps.bars({ symbol, interval, hours: query.hours, fromMs, toMs, limit: rows });
    if (answer === null) {
      throw new CodedError("UNKNOWN_CONTRACT", { field: "contract", received: given });
    }
    return answer;
  });
}

function intervalOf(text: string | undefined): Interval {
  if (text === undefined) return "1m";
  const interval = parseInterval(text);
  if (interval !== null) return interval;
  const received = JSON.stringify(text.slice(0, 100));
  throw new CodedError("BAD_INTERVAL", { field: "interval", expected: INTERVAL_EXPECTED, received });
}

function isoMs(text: string): number | null {
  const parsed = isoInstant.safeParse(text.replace(/ (?=\d\d:\d\d$)/, "+"));
  return parsed.success ? parsed.data : null;
}
