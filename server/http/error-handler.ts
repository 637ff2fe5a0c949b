/** How is a failed request answered? Always in the one shape, from the one table, with nothing from inside. */

import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { HTTP_BODY_BYTES_MAX, RECEIVED_CHARS_MAX } from "#lib/limits.ts";
import { CodedError, ERRORS, type ErrorDetail, errorBody } from "#server/errors.ts";
import type { Logger } from "#server/logger.ts";

/** Fastify's own refusals, in our words; what is not named here and below 500 is a BAD_REQUEST. */
const FASTIFY_REFUSALS: Readonly<Record<string, (request: FastifyRequest) => CodedError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ({ routeOptions }) => {
    const bytesMax = routeOptions.bodyLimit ?? HTTP_BODY_BYTES_MAX;
    return new CodedError("TOO_LARGE", { expected: `at most ${bytesMax} bytes` });
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new CodedError("WRONG_CONTENT_TYPE", { field: "Content-Type", expected: "application/json" }),
};

/** Creates the error handler of an app. Only what nobody expected is logged: with its stack, which stays here. */
export function createErrorHandler(logger: Pick<Logger, "error">) {
  return (error: FastifyError | Error, request: FastifyRequest, reply: FastifyReply): void => {
    const refusal = refusalFor(error, request);
    if (refusal.code === "INTERNAL") {
      logger.error({ err: error, method: request.method, url: request.url }, "a request broke");
    }
    sendRefusal(reply, refusal);
  };
}

/** Answers with a refusal; `Retry-After` is a minute where the limiter has not said it better. */
export function sendRefusal(reply: FastifyReply, refusal: CodedError): void {
  if (refusal.code === "RATE_LIMITED" && !reply.hasHeader("retry-after")) reply.header("retry-after", "60");
  reply
    .code(refusal.status)
    .type("application/json; charset=utf-8")
    .serializer((body: unknown) => JSON.stringify(body))
    .send(refusal.body());
}

/** The refusal that an error is answered with. */
export function refusalFor(error: FastifyError | Error, request: FastifyRequest): CodedError {
  if (error instanceof CodedError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) return new CodedError("BAD_SHAPE", shapeDetail(error, request));
  if (!("statusCode" in error) || typeof error.statusCode !== "number" || error.statusCode >= 500) {
    return new CodedError("INTERNAL");
  }
  const refusal = "code" in error ? FASTIFY_REFUSALS[error.code] : undefined;
  return refusal?.(request) ?? new CodedError("BAD_REQUEST");
}

type ShapeError = {
  validation: readonly { instancePath: string; keyword: string; message?: string; params: Record<string, unknown> }[];
  validationContext?: string | undefined;
};

/** The first wrong field: its path, what zod expected, what came. */
function shapeDetail(error: ShapeError, request: FastifyRequest): ErrorDetail {
  const [issue] = error.validation;
  const part = partOf(request, error.validationContext);
  if (issue === undefined) return {};
  const { keys } = issue.params;
  if (issue.keyword === "unrecognized_keys" && Array.isArray(keys)) {
    const field = String(keys[0]);
    return { field, expected: "no such field", received: shown(valueAt(part, [field])) };
  }
  const path = issue.instancePath.split("/").filter((step) => step !== "");
  return {
    field: path.length > 0 ? path.join(".") : (error.validationContext ?? "body"),
    expected: expectation(issue.message ?? issue.keyword),
    received: shown(valueAt(part, path)),
  };
}

function partOf(request: FastifyRequest, context: string | undefined): unknown {
  if (context === "querystring") return request.query;
  return context === "params" ? request.params : request.body;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Object.entries(at).find(([name]) => name === step)?.[1];
  }
  return at;
}

/** "Too big: expected string to have <=8 characters" → "string to have <=8 characters"; our own words stay. */
function expectation(message: string): string {
  return message.replace(/^[^:]+: expected /, "").replace(/, received .*$/, "");
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : (JSON.stringify(value) ?? "nothing").slice(0, RECEIVED_CHARS_MAX);
}

type ConnectionError = Error & { code?: string };

/** Answers what is not even HTTP: the connection is told in our shape, then closed. */
export function answerBrokenConnection(error: ConnectionError, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { status } = ERRORS.BAD_REQUEST;
  const body = JSON.stringify(errorBody("BAD_REQUEST", { message: "The connection did not speak HTTP." }));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
