/** How is a state rebuilt beside the running one? A thread of its own says how far it is, then what it found. */
import { parentPort, workerData } from "node:worker_threads";
import { type RebuildQuery, type Rebuilt, rebuildState } from "./rebuild-state.ts";

export type FromRebuild = { say: "progress"; events: number; seq: number } | { say: "done"; rebuilt: Rebuilt };

function say(word: FromRebuild): void {
  parentPort?.postMessage(word);
}

const query = workerData as RebuildQuery; // safe: force-refresh.ts starts it
say({ say: "done", rebuilt: rebuildState(query, (events, seq) => say({ say: "progress", events, seq })) });
