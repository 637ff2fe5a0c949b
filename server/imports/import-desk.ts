/** How does a file become trades? Shown first, taken over when asked, taken back when asked; twice adds nothing. */
import { createHash, randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import { UNSTAMPED } from "#lib/events/stamp.ts";
import { IMPORT_FILES_WAITING_MAX, IMPORT_PIECE_FILLS_MAX } from "#lib/limits.ts";
import {
  type CommitImport,
  type ImportAnswers,
  type Imported,
  type ImportPreview,
  type ImportRow,
  importAnswersSchema,
} from "#lib/wire/imports.ts";
import { CodedError } from "#server/errors.ts";
import type { Database } from "#server/store/database.ts";
import { importedFiles } from "#server/store/queries/imported-files.ts";
import type { TradeBook } from "#server/trades/trade-book.ts";
import type { Tell } from "#server/trades/trade-desk.ts";
import type { Previewed, PreviewInput } from "./preview-import.ts";
import type { FromPreview } from "./preview-thread.ts";

const THREAD = new URL("./preview-thread.ts", import.meta.url);

export type ImportDeskOptions = {
  book: TradeBook;
  database: Database;
  tell: Tell;
  /** Resolves when the tables hold all that was told up to a seq; rejects with STORE_AWAY where that lasts. */
  caughtUp: (seq: number) => Promise<void>;
  wallMs: () => number;
};

type WaitingFile = { fileName: string; bytes: Uint8Array };

export class ImportDesk {
  readonly #options: ImportDeskOptions;
  /** By the hash of their content, oldest first. */
  readonly #waiting = new Map<string, WaitingFile>();
  /** One file is read or taken over at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #toldSeq = 0;

  constructor(options: ImportDeskOptions) {
    this.#options = options;
  }

  /** Keeps a file until its import, and shows what it would bring as far as it says so itself. */
  async preview(file: WaitingFile): Promise<ImportPreview> {
    const contentHash = createHash("sha256").update(file.bytes).digest("hex");
    this.#waiting.delete(contentHash);
    this.#waiting.set(contentHash, file);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > IMPORT_FILES_WAITING_MAX && oldest !== undefined) this.#waiting.delete(oldest);
    return this.previewAgain(contentHash, importAnswersSchema.parse({}));
  }

  /** The same with what a person has answered. Throws CodedError UNKNOWN_IMPORT where the file waits no longer. */
  async previewAgain(contentHash: string, answers: ImportAnswers): Promise<ImportPreview> {
    return (await this.#inTurn(() => this.#read(contentHash, answers))).preview;
  }

  /**
   * Adds the fills that are new, in pieces that are durable one by one: after a crash in between the same import again
   * adds the rest. Throws CodedError IMPORT_CONFLICT while something is asked, or rows would be left out unseen.
   */
  commit({ contentHash, answers, rowErrors }: CommitImport): Promise<Imported> {
    return this.#inTurn(async () => {
      const { preview, fresh, timeStepMs } = await this.#read(contentHash, answers);
      if (preview.needs.length > 0) {
        const message = `The file cannot be read before this is said: ${preview.needs.join(", ")}.`;
        throw new CodedError("IMPORT_CONFLICT", { message, field: "answers" });
      }
      if (preview.rowErrors !== rowErrors) {
        const [expected, received] = [`${preview.rowErrors}, as the preview says`, String(rowErrors)];
        const message = "Rows of the file cannot be read; the others are taken over only when that was seen.";
        throw new CodedError("IMPORT_CONFLICT", { message, field: "rowErrors", expected, received });
      }
      if (fresh.length === 0) return { importId: null, seq: this.#toldSeq, added: 0 };
      const importId = randomUUID();
      const file = { importId, source: fresh[0].source, fileName: preview.fileName, zone: preview.clock ?? "" };
      for (let from = 0; from < fresh.length; from += IMPORT_PIECE_FILLS_MAX) {
        const piece = from / IMPORT_PIECE_FILLS_MAX;
        const fills = fresh.slice(from, from + IMPORT_PIECE_FILLS_MAX);
        await this.#tell({ ...UNSTAMPED, type: "FillsImported", ...file, piece, timeStepMs, fills });
      }
      return { importId, seq: this.#toldSeq, added: fresh.length };
    });
  }

  /** Takes an import back; its fills count no longer. Throws CodedError UNKNOWN_IMPORT. */
  undo(importId: string): Promise<{ importId: string; seq: number; fills: number }> {
    return this.#inTurn(async () => {
      const file = (await this.list()).find((one) => one.importId === importId);
      if (file === undefined) throw new CodedError("UNKNOWN_IMPORT", { field: "id", received: importId });
      await this.#tell({ ...UNSTAMPED, type: "ImportUndone", importId });
      return { importId, seq: this.#toldSeq, fills: file.fills };
    });
  }

  /** Imports that count, newest first. */
  async list(): Promise<ImportRow[]> {
    await this.#options.caughtUp(this.#toldSeq);
    const files = await this.#options.book.asked(() => importedFiles(this.#options.database));
    return files.map(({ timeStepMs: _, ...row }) => row);
  }

  async #read(contentHash: string, answers: ImportAnswers): Promise<Previewed> {
    const file = this.#waiting.get(contentHash);
    if (file === undefined) throw new CodedError("UNKNOWN_IMPORT", { field: "contentHash", received: contentHash });
    const { book, database, caughtUp, wallMs } = this.#options;
    await caughtUp(this.#toldSeq);
    const timeStepMs: Record<string, number> = {};
    for (const one of await book.asked(() => importedFiles(database))) {
      timeStepMs[one.source] = Math.max(timeStepMs[one.source] ?? 0, one.timeStepMs);
    }
    return inThread({ contentHash, ...file, answers, nowMs: wallMs(), existing: await book.fills(), timeStepMs });
  }

  async #tell(telling: Parameters<Tell>[0]): Promise<void> {
    const { seq } = await this.#options.tell(telling);
    this.#toldSeq = Math.max(this.#toldSeq, seq);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

function inThread(input: PreviewInput): Promise<Previewed> {
  const worker = new Worker(THREAD, { workerData: input });
  return new Promise((resolve, reject) => {
    worker.once("message", (word: FromPreview) => {
      if (word.say === "done") resolve(word.previewed);
      else reject(new CodedError(word.code, word.detail));
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the reading of a file ended with code ${code}`)));
  });
}
