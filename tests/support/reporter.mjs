/** How did the tests end? Failures in full, skips by name, and as the last line `N passed, N failed`. */

/** @typedef {{name: string, file?: string, skip?: string | boolean, todo?: string | boolean,
 *   details?: {type?: string, error?: Error & {cause?: unknown}}}} TestData */

/**
 * A reporter for `node --test`: suites do not count, a file that cannot be loaded counts as one failure.
 * @param {AsyncIterable<{type: string, data: any}>} source
 */
export default async function* report(source) {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    const isCounted = (type === "test:pass" || type === "test:fail") && data.details?.type !== "suite";
    if (!isCounted) continue;
    if (data.skip !== undefined) {
      skipped++;
      yield `SKIP ${data.name}${typeof data.skip === "string" && data.skip !== "" ? `: ${data.skip}` : ""}\n`;
    } else if (type === "test:pass") passed++;
    else {
      failed++;
      yield describeFailure(data);
    }
  }
  yield `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
}

/** @param {TestData} data */
function describeFailure(data) {
  const error = data.details?.error;
  const cause = error?.cause;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause ?? error?.message ?? "");
  return `\nFAIL ${data.name}\n     ${data.file ?? ""}\n${text.replace(/^/gm, "     ")}\n\n`;
}
