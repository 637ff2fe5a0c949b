/** What may a person tell the simulator? It can stand and go on; it has no plan to upgrade. */
import type { FeedState } from "#lib/events/market.ts";
import type { FeedSink } from "./feed.ts";
import type { LiveFeedControls } from "./live-feed.ts";
import type { SimulatorFeed } from "./simulator-feed.ts";

const NO_PLAN = "The simulator always sends trades and quotes; there is no plan to change.";

/** stop freezes prices (contracts become stale, as with a vendor); start goes on, the stretch is listed as a gap. */
export function createSimulatorControls(
  feed: Pick<SimulatorFeed, "freeze" | "thaw" | "clock" | "name">,
): LiveFeedControls {
  let isRunning = true;
  let sink: FeedSink | null = null;
  const say = (state: FeedState, message: string): void => {
    const stamp = { seq: 0, nowMs: feed.clock.nowMs(), receivedMs: 0 };
    sink?.publish({ ...stamp, type: "FeedStatusChanged", feed: feed.name, state, message });
  };
  return {
    bind(given) {
      sink = given;
    },
    async act(action) {
      if (action === "upgrade" || action === "downgrade") return { status: "refused", message: NO_PLAN };
      if (isRunning === (action === "start")) {
        return { status: "unchanged", message: `The simulator ${isRunning ? "runs" : "stands"} already.` };
      }
      isRunning = action === "start";
      if (isRunning) {
        feed.thaw();
        say("connected", "Simulated market, going on");
        return { status: "done", message: "The simulator goes on; the stretch is listed as a gap." };
      }
      say("paused", "Stopped by you");
      feed.freeze();
      return { status: "done", message: "The simulator stands; press Start to go on." };
    },
    report: () => ({
      isRunning,
      wanted: "trades",
      received: isRunning ? "trades" : null,
      delayMs: 0,
      frames: 0,
      contracts: [],
      refusedRoots: [],
      hosts: [],
    }),
  };
}
