/** Who follows what? Notes every batch for the followed topics and gives each follower one frame in 50 ms at most. */
import type { ContractState } from "#lib/engine/state.ts";
import { STREAM_FRAME_MS, STREAM_MOMENTS_MAX } from "#lib/limits.ts";
import type { Outputs } from "#lib/outputs/output.ts";
import type { InsightView } from "#lib/wire/insight.ts";
import type { Cursor } from "#lib/wire/stream.ts";
import { parseTopic, type Topic } from "#lib/wire/topic.ts";
import { InsightReader } from "./insight-reader.ts";
import { createInsightTopic, createLevelsTopic } from "./insight-topic.ts";
import {
  createBarTopic,
  createInstrumentsTopic,
  createPositionsTopic,
  createQuoteTopic,
  createReportTopic,
  type LiveTopic,
  type TopicSource,
} from "./live-topic.ts";
import type { Outbox } from "./outbox.ts";

type Followed = { topic: LiveTopic; followers: Set<Outbox>; waiting: Set<Outbox> };

export type Refused = { topic: string; message: string };

export class TopicHub {
  readonly #source: TopicSource;
  readonly #wallMs: () => number;
  readonly #topics = new Map<string, Followed>();
  readonly #clients = new Set<Outbox>();
  /** Of each root that was ever followed. */
  readonly #readers = new Map<string, InsightReader>();
  /** Which feed time had which seq, once a second: what a returning cursor stands for. */
  readonly #moments: { seq: number; nowMs: number; wallMs: number }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #mergedSeq = -1;

  constructor(source: TopicSource, wallMs: () => number) {
    this.#source = source;
    this.#wallMs = wallMs;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** A batch was processed. */
  note(outputs: Outputs, lastSeq: number): void {
    if (outputs.list.some((output) => output.type === "HistoryMerged")) this.#mergedSeq = lastSeq;
    const wallMs = this.#wallMs();
    const newest = this.#moments.at(-1);
    if (newest === undefined || wallMs - newest.wallMs >= 1_000) {
      this.#moments.push({ seq: lastSeq, nowMs: this.#source.header().nowMs, wallMs });
      if (this.#moments.length > STREAM_MOMENTS_MAX) this.#moments.shift();
    }
    for (const reader of this.#readers.values()) reader.note(outputs);
    for (const { topic } of this.#topics.values()) topic.note(outputs);
  }

  join(client: Outbox): void {
    this.#clients.add(client);
    this.#timer ??= setInterval(() => this.#beat(), STREAM_FRAME_MS);
  }

  leave(client: Outbox): void {
    for (const name of client.topics) this.#unfollow(client, name);
    this.#clients.delete(client);
    if (this.#clients.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Makes `names` the client's whole subscription; returns those that it cannot have, with the reason. */
  subscribe(client: Outbox, names: readonly string[], cursor: Cursor | null): Refused[] {
    const refused: Refused[] = [];
    for (const name of [...client.topics]) if (!names.includes(name)) this.#unfollow(client, name);
    const sinceMs = this.#sinceOf(cursor);
    for (const name of names) {
      if (client.topics.has(name)) continue;
      const followed = this.#follow(name);
      if (typeof followed === "string") {
        refused.push({ topic: name, message: followed });
        continue;
      }
      client.topics.add(name);
      const message = followed.topic.snapshot(sinceMs);
      if (message === null) followed.waiting.add(client);
      else {
        client.add(message);
        followed.followers.add(client);
      }
    }
    client.flush();
    return refused;
  }

  /** Feed time from which a returning client needs bars; null: everything. */
  #sinceOf(cursor: Cursor | null): number | null {
    const { state } = this.#source;
    if (cursor === null || cursor.epoch !== state.epoch || cursor.seq > state.seq) return null;
    if (this.#mergedSeq > cursor.seq) return null;
    const moment = this.#moments.findLast((entry) => entry.seq <= cursor.seq);
    // Back far enough for what was amended, and for the bar that was forming then.
    return moment === undefined ? null : moment.nowMs - 10_000;
  }

  #follow(name: string): Followed | string {
    const known = this.#topics.get(name);
    if (known !== undefined) return known;
    const parsed = parseTopic(name);
    if (parsed === null) return `"${name}" is no topic`;
    const topic = this.#create(parsed);
    if (topic === null) return `"${name}": that contract is not followed`;
    const followed = { topic, followers: new Set<Outbox>(), waiting: new Set<Outbox>() };
    this.#topics.set(name, followed);
    return followed;
  }

  #create(parsed: Topic): LiveTopic | null {
    switch (parsed.name) {
      case "instruments":
        return createInstrumentsTopic(this.#source);
      case "positions":
        return createPositionsTopic(this.#source, this.#wallMs);
      case "feeds":
      case "ops":
      case "scanner":
        return createReportTopic(this.#source, parsed.name, this.#wallMs);
      case "insight":
      case "levels": {
        const reader = this.#reader(parsed.root);
        if (reader === null) return null;
        const source = { header: this.#source.header, reader };
        return parsed.name === "insight"
          ? createInsightTopic(source, parsed.root)
          : createLevelsTopic(source, parsed.root);
      }
      case "quote": {
        const contract = this.#contract(parsed.symbol);
        return contract === undefined ? null : createQuoteTopic(this.#source, contract);
      }
      case "bar": {
        const contract = this.#contract(parsed.symbol);
        if (contract === undefined) return null;
        return createBarTopic(this.#source, contract, parsed.interval, parsed.hours);
      }
    }
  }

  /** Null: the run does not follow the root. */
  #reader(root: string): InsightReader | null {
    const known = this.#readers.get(root);
    if (known !== undefined) return known;
    const { state } = this.#source;
    if (!state.roots.some((entry) => entry.root === root)) return null;
    const read = (): InsightView | null => this.#source.insight(root);
    const reader = new InsightReader({ state, root, read, wallMs: this.#wallMs });
    this.#readers.set(root, reader);
    return reader;
  }

  #contract(symbol: string): ContractState | undefined {
    return this.#source.state.contracts.find((contract) => contract.symbol === symbol);
  }

  #unfollow(client: Outbox, name: string): void {
    client.topics.delete(name);
    const followed = this.#topics.get(name);
    if (followed === undefined) return;
    followed.followers.delete(client);
    followed.waiting.delete(client);
    if (followed.followers.size + followed.waiting.size > 0) return;
    followed.topic.release();
    this.#topics.delete(name);
  }

  /** One beat: each topic is worded once, however many follow it. */
  #beat(): void {
    for (const { topic, followers, waiting } of this.#topics.values()) {
      const message = topic.delta();
      if (message !== null) for (const client of followers) client.add(message);
      if (waiting.size === 0) continue;
      const first = topic.snapshot(null);
      if (first === null) continue;
      for (const client of waiting) {
        client.add(first);
        followers.add(client);
      }
      waiting.clear();
    }
    for (const client of this.#clients) client.flush();
  }

  [Symbol.dispose](): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const { topic } of this.#topics.values()) topic.release();
    this.#topics.clear();
  }
}
