/** How is the vendor asked for the past? GET with the key in a header, page after page, failures told apart. */
import { MASSIVE_REST_MS_MAX, MASSIVE_REST_PAGES_MAX, MASSIVE_REST_TRIES_MAX } from "#lib/limits.ts";
import type { BackOff } from "#server/feeds/back-off.ts";

/** unauthorised: the key is wrong (401). forbidden: the plan lacks it (403). refused: another 4xx. */
export type RestFault = "unauthorised" | "forbidden" | "refused" | "rate-limited" | "unavailable";

export class MassiveRestError extends Error {
  readonly fault: RestFault;

  constructor(fault: RestFault, message: string) {
    super(message);
    this.name = "MassiveRestError";
    this.fault = fault;
  }
}

export type RestRow = Record<string, unknown>;
export type RestQuery = Record<string, string | number>;

export type RestClient = {
  /** Rows of every page, in the vendor's order. Throws MassiveRestError, or the signal's reason. */
  rows(path: string, query: RestQuery): Promise<RestRow[]>;
};

export type RestOptions = {
  baseUrl: string;
  key: string;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  newBackOff(): BackOff;
  signal: AbortSignal;
};

export function createRestClient(options: RestOptions): RestClient {
  return {
    async rows(path, query) {
      const url = new URL(`/futures/v1/${path}`, options.baseUrl);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
      const rows: RestRow[] = [];
      let next: URL | null = url;
      for (let page = 0; next !== null; page++) {
        if (page === MASSIVE_REST_PAGES_MAX) {
          throw new MassiveRestError("refused", `${path} has more than ${MASSIVE_REST_PAGES_MAX} pages`);
        }
        const answer: Page = await getPage(next, options);
        rows.push(...answer.rows);
        next = answer.next;
      }
      return rows;
    },
  };
}

type Page = { rows: RestRow[]; next: URL | null };

/** One page; 429 and 5xx are tried again a few times, anything else is not. */
async function getPage(url: URL, options: RestOptions): Promise<Page> {
  const backOff = options.newBackOff();
  for (;;) {
    try {
      return await tryPage(url, options);
    } catch (error) {
      const isPassing =
        error instanceof MassiveRestError && (error.fault === "rate-limited" || error.fault === "unavailable");
      if (!isPassing || backOff.tries + 1 >= MASSIVE_REST_TRIES_MAX) throw error;
      await options.sleep(backOff.next(), options.signal);
      options.signal.throwIfAborted();
    }
  }
}

async function tryPage(url: URL, { key, signal, baseUrl }: RestOptions): Promise<Page> {
  const timeout = AbortSignal.timeout(MASSIVE_REST_MS_MAX);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, timeout]),
      redirect: "error",
    });
    body = await response.json().catch(() => null);
  } catch (error) {
    signal.throwIfAborted();
    throw new MassiveRestError("unavailable", `${url.host} does not answer (${reasonOf(error)})`);
  }
  if (!response.ok) throw new MassiveRestError(faultOf(response.status), wordsOf(url, response.status, body));
  if (typeof body !== "object" || body === null) {
    throw new MassiveRestError("unavailable", `${url.pathname} answered no JSON object`);
  }
  const { results, next_url: nextUrl } = body as { results?: unknown; next_url?: unknown };
  return { rows: Array.isArray(results) ? results.filter(isRow) : [], next: nextPage(nextUrl, baseUrl) };
}

/** The key goes to the configured host alone, whatever host a next_url names. */
function nextPage(nextUrl: unknown, baseUrl: string): URL | null {
  if (typeof nextUrl !== "string" || nextUrl === "" || !URL.canParse(nextUrl)) return null;
  const { pathname, search } = new URL(nextUrl);
  return new URL(`${pathname}${search}`, baseUrl);
}

function faultOf(status: number): RestFault {
  if (status === 401) return "unauthorised";
  if (status === 403) return "forbidden";
  if (status === 429) return "rate-limited";
  return status >= 500 ? "unavailable" : "refused";
}

function wordsOf(url: URL, status: number, body: unknown): string {
  const said = typeof body === "object" && body !== null ? (body as RestRow) : {};
  const words = said.message ?? said.error ?? said.status ?? "";
  return `${url.pathname} answered ${status}${words === "" ? "" : `: ${String(words).slice(0, 160)}`}`;
}

function isRow(value: unknown): value is RestRow {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
