/** Where does the next block of columns go? The one growing file of a run's columns, and when it begins anew. */
import type fs from "node:fs";
import { type CheckpointDisk, writeAll } from "./checkpoint-disk.ts";
import { type ColumnsPlace, columnsFile, listGenerations } from "./columns.ts";

export class ColumnFile {
  readonly #folder: string;
  readonly #disk: CheckpointDisk;
  #handle: fs.promises.FileHandle | null = null;
  #isNew: boolean;
  #generation: number;
  #byteLength: number;

  /** Goes on behind `place`, whatever stands there in the file; null: a file of its own. The folder exists. */
  constructor(folder: string, place: ColumnsPlace | null, disk: CheckpointDisk) {
    this.#folder = folder;
    this.#disk = disk;
    this.#isNew = place === null;
    this.#generation = place?.generation ?? this.#freeGeneration();
    this.#byteLength = place?.byteLength ?? 0;
  }

  get place(): ColumnsPlace {
    return { generation: this.#generation, byteLength: this.#byteLength };
  }

  #freeGeneration(): number {
    return (listGenerations(this.#folder).at(-1) ?? 0) + 1;
  }

  /** One write for all blocks: many small ones would each wait a turn of a busy event loop. */
  async append(blocks: readonly Uint8Array[]): Promise<void> {
    if (blocks.length === 0) return;
    const handle = await this.#opened();
    const bytes = Buffer.concat(blocks);
    await writeAll(handle, bytes, this.#byteLength);
    this.#byteLength += bytes.length;
  }

  /** Everything appended survives a power cut. */
  async sync(): Promise<void> {
    const handle = await this.#opened();
    await handle.sync();
    if (!this.#isNew) return;
    await this.#disk.syncFolder(this.#folder);
    this.#isNew = false;
  }

  async #opened(): Promise<fs.promises.FileHandle> {
    this.#handle ??= await this.#disk.open(columnsFile(this.#folder, this.#generation), this.#isNew ? "wx" : "r+");
    return this.#handle;
  }

  /** The next append begins the next file; this one stays for the snapshots that name it. */
  async beginAnew(): Promise<void> {
    await this.close();
    this.#isNew = true;
    this.#generation = Math.max(this.#freeGeneration(), this.#generation + 1);
    this.#byteLength = 0;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}
