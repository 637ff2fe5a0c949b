/** How is a big file read while the market goes on? In a thread of its own: this file is that thread. */
import { parentPort, workerData } from "node:worker_threads";
import { CodedError, type ErrorCode, type ErrorDetail } from "#server/errors.ts";
import { type Previewed, type PreviewInput, previewImport } from "./preview-import.ts";

export type FromPreview =
  | { say: "done"; previewed: Previewed }
  | { say: "refused"; code: ErrorCode; detail: ErrorDetail };

function answerOf(input: PreviewInput): FromPreview {
  try {
    return { say: "done", previewed: previewImport(input) };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { say: "refused", code: error.code, detail: error.detail };
  }
}

parentPort?.postMessage(answerOf(workerData));
