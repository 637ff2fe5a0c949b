/** How does the browser ask the data-service, and what does a refusal say? */

export type ApiRefusal = { code: string; message: string; action: string };

/** An answer that is no success: message and what to do, as the service said it. */
export class ApiError extends Error {
  readonly refusal: ApiRefusal;

  constructor(refusal: ApiRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** The JSON of a path below /api; throws ApiError with the service's own words. Answer shape: the wire schema's. */
export async function askApi<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, init);
  } catch {
    throw new ApiError({ code: "unreachable", message: "The web process does not answer", action: "Is it running?" });
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(refusalIn(body, response.status));
  return body as Answer; // safe: the service checks its answers against the same schema
}

export function postJson<Answer>(path: string, body: unknown): Promise<Answer> {
  return askApi<Answer>(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

function refusalIn(body: unknown, status: number): ApiRefusal {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const said = typeof error === "object" && error !== null ? (error as Partial<ApiRefusal>) : {};
  return {
    code: said.code ?? String(status),
    message: said.message ?? `The data service answered ${status}`,
    action: said.action ?? "Look at the ops strip below",
  };
}

/** What to tell a person about a failed request. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return `${error.refusal.message.replace(/\.$/, "")}. ${error.refusal.action}`;
  return error instanceof Error ? error.message : String(error);
}
