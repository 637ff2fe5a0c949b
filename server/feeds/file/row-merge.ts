/** Whose row comes next? Merges the files by due time; at equal times the earlier file, then its earlier row. */
import type { RowCursor } from "./row-cursor.ts";

export class RowMerge {
  #open: RowCursor[];
  /** The cursor whose row comes next; null when every file has ended, or before `start`. */
  head: RowCursor | null = null;
  /** The head stays ahead up to this row of the next cursor. */
  #rival: RowCursor | null = null;
  #isDry = false;

  constructor(cursors: readonly RowCursor[]) {
    this.#open = [...cursors];
  }

  /** Loads every file's first row. */
  async start(): Promise<void> {
    const filled: RowCursor[] = [];
    for (const cursor of this.#open) if (await cursor.refill()) filled.push(cursor);
    this.#open = filled;
    this.#choose();
  }

  /** Steps behind the head's row; false: await `refill` before looking at `head` again. */
  advance(): boolean {
    const head = this.head;
    if (head === null) return true;
    if (!head.advance()) {
      this.#isDry = true;
      return false;
    }
    if (this.#rival !== null && isBefore(this.#rival, head)) this.#choose();
    return true;
  }

  async refill(): Promise<void> {
    const head = this.head;
    if (!this.#isDry || head === null) return;
    if (!(await head.refill())) this.#open = this.#open.filter((cursor) => cursor !== head);
    this.#isDry = false;
    this.#choose();
  }

  #choose(): void {
    this.head = null;
    this.#rival = null;
    for (const cursor of this.#open) {
      if (this.head === null || isBefore(cursor, this.head)) {
        this.#rival = this.head;
        this.head = cursor;
      } else if (this.#rival === null || isBefore(cursor, this.#rival)) {
        this.#rival = cursor;
      }
    }
  }
}

function isBefore(a: RowCursor, b: RowCursor): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.fileIndex < b.fileIndex);
}
