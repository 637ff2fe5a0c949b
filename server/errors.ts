/** What can be refused, with which HTTP status, in which words, and what should the caller do about it? */

/** One row a code: HTTP status, default message, and what to do. The one table; every route answers from it. */
export const ERRORS = {
  BAD_REQUEST: {
    status: 400,
    message: "The request could not be read.",
    action: "Send well-formed JSON, with the parameters that /docs names.",
  },
  BAD_SHAPE: {
    status: 422,
    message: "A value of the request has the wrong shape.",
    action: "Correct the named field; /docs shows the schema.",
  },
  BAD_INTERVAL: {
    status: 422,
    message: "That bar interval is not known.",
    action: "Ask for one of the intervals that /docs lists, such as 1m or 5m.",
  },
  UNAUTHORISED: {
    status: 401,
    message: "This address needs a key.",
    action: "Send the header X-API-Key with the API_KEY of the installation.",
  },
  ORIGIN_REFUSED: {
    status: 403,
    message: "Requests from this origin may not change anything.",
    action: "Use the cockpit's own address, or set PUBLIC_ORIGIN to the origin that browsers use.",
  },
  NOT_FOUND: { status: 404, message: "There is nothing at this address.", action: "See /docs for every address." },
  UNKNOWN_CONTRACT: {
    status: 404,
    message: "That contract is not followed.",
    action: "GET /instruments lists the contracts; INSTRUMENTS chooses the roots.",
  },
  ANCHOR_REFUSED: {
    status: 422,
    message: "No anchor can stand there.",
    action: "Choose a bar that the chart shows; POST /actions/remove_anchor makes room.",
  },
  UNKNOWN_TRADE: {
    status: 404,
    message: "There is no such trade.",
    action: "GET /trades lists the trades with their ids.",
  },
  TRADE_CONFLICT: {
    status: 409,
    message: "That cannot be done to this trade.",
    action: "Read the reason, and GET /trades/:id for how it stands.",
  },
  TRADE_REFUSED: {
    status: 422,
    message: "That cannot be a trade.",
    action: "Correct the named field and send it again.",
  },
  UNKNOWN_IMPORT: {
    status: 404,
    message: "There is no such import, or no such preview any more.",
    action: "Send the file to POST /imports/preview again; GET /imports lists what was imported.",
  },
  IMPORT_CONFLICT: {
    status: 409,
    message: "That import cannot be taken over as it stands.",
    action: "Read the preview again: it says what is asked, and what would be left out.",
  },
  STORE_AWAY: {
    status: 503,
    message: "The tables of trades cannot be read.",
    action: "Wait until the lamp db is green; nothing that was accepted is lost.",
  },
  FEED_REFUSED: {
    status: 409,
    message: "The feed does not do that.",
    action: "Read the reason; GET /analysis/live_feed says what the feed has.",
  },
  TOO_LARGE: {
    status: 413,
    message: "The request body is too large.",
    action: "Send less in one request.",
  },
  WRONG_CONTENT_TYPE: {
    status: 415,
    message: "Requests that change something must be JSON.",
    action: "Send the header Content-Type: application/json.",
  },
  HOST_REFUSED: {
    status: 421,
    message: "This host name is not served.",
    action: "Open localhost or 127.0.0.1, or set PUBLIC_ORIGIN to the origin that browsers use.",
  },
  QUARANTINED: {
    status: 422,
    message: "The engine broke at this very command before; it was set aside and is not tried again.",
    action: "Send something else, and report what you sent: this is a defect. Ops lists what was set aside.",
  },
  RATE_LIMITED: {
    status: 429,
    message: "Too many requests.",
    action: "Wait as long as the header Retry-After says.",
  },
  LOG_UNWRITABLE: {
    status: 503,
    message: "The event log cannot be written, so nothing was changed.",
    action: "Free space in DATA_DIR or make it writable, then send the request again.",
  },
  NOT_READY: {
    status: 503,
    message: "The data-service is still recovering.",
    action: "Wait until /ready answers 200.",
  },
  DATA_SERVICE_DOWN: {
    status: 503,
    message: "The data-service does not answer.",
    action: "Wait: the launcher restarts it. If this stays, read the data-service's log.",
  },
  INTERNAL: {
    status: 500,
    message: "Something broke inside.",
    action: "Read the data-service's log at this time and report it.",
  },
} as const satisfies Record<string, { status: number; message: string; action: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** What an error says beyond its code; the message replaces the table's. */
export type ErrorDetail = { message?: string; field?: string; expected?: string; received?: string; action?: string };

/** The JSON that every failed request is answered with. */
export type ErrorBody = { error: ErrorDetail & { code: ErrorCode; message: string; action: string } };

/** An expected refusal: thrown anywhere in the server, answered with its table row. */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    super(detail.message ?? ERRORS[code].message);
    this.name = "CodedError";
    this.code = code;
    this.status = ERRORS[code].status;
    this.detail = detail;
  }

  /** The answer's body: `{error: {code, message, field?, expected?, received?, action}}`. */
  body(): ErrorBody {
    return errorBody(this.code, this.detail);
  }
}

/** The answer's body for a code, without throwing; detail replaces the table's words. */
export function errorBody(code: ErrorCode, detail: ErrorDetail = {}): ErrorBody {
  const { message, action } = ERRORS[code];
  return { error: { code, message, action, ...detail } };
}
