/** How long did each tick wait until a frame showed it? Matches the ticks of a server with the messages of a page. */

/** One applied message: its topic, the arrival of its newest input, the wall time in the frame that applied it. */
export type Applied = { topic: string; receivedMs: number; appliedMs: number };

export type TickLatencies = {
  /** One a message, from the arrival of its newest input: what the screen's own lag meter shows. */
  messageMs: number[];
  /** One a tick, from its own arrival to the frame of the first message that held it: the 50 ms of coalescing count. */
  tickMs: number[];
};

/**
 * `ticksOf(topic)`: arrival times of the topic's ticks, rising. Messages applied before `fromMs` are the warm-up.
 * Ticks arriving at 100 and 130, a message with receivedMs 131 applied at 150 → ticks 50 and 20, message 19.
 */
export function tickLatencies(
  applied: readonly Applied[],
  ticksOf: (topic: string) => readonly number[],
  fromMs: number,
): TickLatencies {
  const byTopic = new Map<string, Applied[]>();
  for (const message of applied) {
    const group = byTopic.get(message.topic);
    if (group === undefined) byTopic.set(message.topic, [message]);
    else group.push(message);
  }
  const messageMs: number[] = [];
  const tickMs: number[] = [];
  for (const [topic, messages] of byTopic) {
    const ticks = ticksOf(topic);
    let next = 0;
    for (const { receivedMs, appliedMs } of messages) {
      const isMeasured = appliedMs >= fromMs;
      if (isMeasured) messageMs.push(appliedMs - receivedMs);
      for (; next < ticks.length && ticks[next] <= receivedMs; next += 1) {
        if (isMeasured) tickMs.push(appliedMs - ticks[next]);
      }
    }
  }
  return { messageMs, tickMs };
}
