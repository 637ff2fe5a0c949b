/** What does the vendor's REST side answer? Rows of the fixture, filtered, sorted and paged as the vendor does. */

export type RestRow = Record<string, string | number | boolean>;

/** `aggs` and `trades`: rows by ticker (aggs by resolution too), oldest first, times in nanoseconds. */
export type RestData = {
  contracts: readonly RestRow[];
  products?: readonly RestRow[];
  schedules?: readonly RestRow[];
  aggs: Readonly<Record<string, Readonly<Record<string, readonly RestRow[]>>>>;
  trades: Readonly<Record<string, readonly RestRow[]>>;
  quotes?: Readonly<Record<string, readonly RestRow[]>>;
};

export type RestAnswer = { status: number; body: unknown };
export type RestPlace = { data: RestData; pageRows: number; hasTrades: boolean };

export function answerRest(url: URL, place: RestPlace): RestAnswer {
  const [, , version, kind, ticker] = url.pathname.split("/");
  if (version !== "v1") return { status: 404, body: { status: "NOT_FOUND" } };
  if ((kind === "trades" || kind === "quotes") && !place.hasTrades) {
    return { status: 403, body: { status: "NOT_AUTHORIZED", message: "You are not entitled to this data." } };
  }
  const rows = rowsOf(kind, ticker, url, place.data);
  if (rows === null) return { status: 400, body: { status: "ERROR", error: `bad request: ${url.pathname}` } };
  return page(rows, url, place.pageRows);
}

function rowsOf(kind: string, ticker: string, url: URL, data: RestData): readonly RestRow[] | null {
  const query = url.searchParams;
  switch (kind) {
    case "contracts": {
      const [date, code] = [query.get("date"), query.get("product_code")];
      if (date !== null && !/^\d{4}-\d\d-\d\d$/.test(date)) return null;
      return data.contracts.filter(
        (row) =>
          (code === null || row.product_code === code) &&
          (query.get("type") === null || row.type === query.get("type")) &&
          (date === null || (String(row.first_trade_date) <= date && date <= String(row.last_trade_date))),
      );
    }
    case "products":
      return data.products ?? [];
    case "schedules":
      return data.schedules ?? [];
    case "aggs": {
      const resolution = query.get("resolution") ?? "1session";
      if (!/^(\d+)(sec|min|hour|session|week|month|quarter|year)$/.test(resolution)) return null;
      return inOrder(within(data.aggs[ticker]?.[resolution] ?? [], "window_start", query), "window_start", query);
    }
    case "trades":
      return inOrder(within(data.trades[ticker] ?? [], "timestamp", query), "timestamp", query);
    case "quotes":
      return inOrder(within(data.quotes?.[ticker] ?? [], "timestamp", query), "timestamp", query);
    default:
      return null;
  }
}

/** A date or nanoseconds, as the vendor takes them. */
function bound(text: string | null): number | null {
  if (text === null) return null;
  return /^\d+$/.test(text) ? Number(text) : Date.parse(`${text}T00:00:00Z`) * 1e6;
}

function within(rows: readonly RestRow[], field: string, query: URLSearchParams): readonly RestRow[] {
  const least = bound(query.get(`${field}.gte`)) ?? Number.NEGATIVE_INFINITY;
  const above = bound(query.get(`${field}.gt`)) ?? Number.NEGATIVE_INFINITY;
  const below = bound(query.get(`${field}.lt`)) ?? Number.POSITIVE_INFINITY;
  const most = bound(query.get(`${field}.lte`)) ?? Number.POSITIVE_INFINITY;
  return rows.filter((row) => {
    const at = Number(row[field]);
    return at >= least && at > above && at < below && at <= most;
  });
}

/** Newest first unless asked otherwise: the vendor's own habit. */
function inOrder(rows: readonly RestRow[], field: string, query: URLSearchParams): readonly RestRow[] {
  return query.get("sort") === `${field}.asc` ? rows : rows.toReversed();
}

function page(rows: readonly RestRow[], url: URL, pageRows: number): RestAnswer {
  const from = Number(url.searchParams.get("cursor") ?? 0);
  const count = Math.min(pageRows, Number(url.searchParams.get("limit") ?? 100));
  const results = rows.slice(from, from + count);
  const next = new URL(url);
  next.searchParams.delete("apiKey");
  next.searchParams.set("cursor", String(from + count));
  const isMore = from + count < rows.length;
  return { status: 200, body: { status: "OK", results, ...(isMore ? { next_url: next.href } : {}) } };
}
