/** Does anything acknowledged get lost when the power goes, whatever the disk kept of the rest, and in which order? */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { createOutputs } from "#lib/outputs/output.ts";
import { createRandom } from "#lib/prng.ts";
import { readLog } from "#server/sequencer/log-reader.ts";
import { recover } from "#server/sequencer/recover.ts";
import { factsOf } from "#tests/support/log-facts.ts";
import { type PowerCutDisk, powerCutDisk } from "#tests/support/power-cut-disk.ts";
import { testSeeds } from "#tests/support/seeds.ts";
import { memoryLogger, pin, startRig, trade, turn } from "#tests/support/sequencer-rig.ts";
import { createTallyEngine } from "#tests/support/tally-engine.ts";
import { temporaryFolder } from "#tests/support/temporary-folder.ts";

const CUTS = 60;

type Acknowledged = Map<number, string>;

/** Publishes under load and cuts the power now and then; shows each folder that is left with what was acknowledged. */
async function cutOften(
  t: TestContext,
  { disk, seed }: { disk: PowerCutDisk; seed: number },
  show: (folder: string, acknowledged: Acknowledged) => Promise<void>,
): Promise<void> {
  const random = createRandom(seed);
  const { sequencer } = await startRig({ folder: temporaryFolder(t), disk, segmentBytesMax: 30_000 });
  sequencer.contractNumber({ root: "ES", year: 2026, month: 12 });
  const acknowledged: Acknowledged = new Map();
  let index = 0;
  const publish = (): void => {
    const symbol = `P${index}`;
    for (let noise = Math.floor(random() * 20); noise > 0; noise -= 1) sequencer.publish(trade(index * 20 + noise));
    void sequencer.publishDurable(pin(symbol)).then(({ seq }) => acknowledged.set(seq, symbol));
    index += 1;
  };
  for (let cut = 0; cut < CUTS; cut += 1) {
    for (let burst = 1 + Math.floor(random() * 6); burst > 0; burst -= 1) {
      publish();
      for (let pause = Math.floor(random() * 3); pause > 0; pause -= 1) {
        await new Promise((resolve) => (random() < 0.5 ? setImmediate(resolve) : setTimeout(resolve, 1)));
      }
    }
    // What comes last is written in some frames and not yet flushed, whatever the disk's speed.
    for (let frame = 0; frame < 3; frame += 1) {
      for (let noise = 0; noise < 10; noise += 1) sequencer.publish(trade(index * 20 + noise));
      await turn();
    }
    const left = temporaryFolder(t);
    disk.cut(left, random);
    await show(left, new Map(acknowledged));
  }
  await sequencer[Symbol.asyncDispose]();
}

type Recovery = { lost: string[]; cutBytes: number };

/** Recovers what a cut left, checks that the state is that of its log, and says which acknowledged pins are missing. */
async function recoverLeft(folder: string, acknowledged: Acknowledged): Promise<Recovery> {
  const engine = createTallyEngine();
  const { cutBytes } = await recover({ folder, runId: "test-run", engine, logger: memoryLogger([]) });
  const unbroken = createTallyEngine();
  const outputs = createOutputs(4);
  const pins = new Map<number, string>();
  readLog(folder, (event) => {
    unbroken.process(event, outputs);
    if (event.type === "ContractPinned") pins.set(event.seq, event.symbol ?? "");
  });
  assert.equal(engine.digest(), unbroken.digest());
  assert.deepEqual(
    factsOf(folder),
    [...pins].map(([seq, symbol]) => `${seq}.0 ${symbol}`),
  );
  return { lost: [...acknowledged].filter(([seq, symbol]) => pins.get(seq) !== symbol).map(String), cutBytes };
}

for (const isFast of [false, true]) {
  const speed = isFast ? "fast" : "slow";
  for (const seed of testSeeds("power cuts")) {
    test(`of what was acknowledged nothing is lost, whatever a ${speed} disk dropped or reordered (seed ${seed})`, async (t) => {
      let most = 0;
      let cuts = 0;
      const disk = powerCutDisk({ isFast });
      await cutOften(t, { disk, seed }, async (folder, acknowledged) => {
        const { lost, cutBytes } = await recoverLeft(folder, acknowledged);
        assert.deepEqual(lost, []);
        most = acknowledged.size;
        if (cutBytes > 0) cuts += 1;
      });
      t.diagnostic(`${most} acknowledged, ${cuts} of ${CUTS} cuts left an end to cut off, ${disk.syncsNow} in place`);
      assert.ok(most > CUTS && cuts > 5, `${most} acknowledged, ${cuts} torn`);
      // Each segment's end is flushed in place too: some ten.
      if (isFast) assert.ok(disk.syncsNow > CUTS / 2, `${disk.syncsNow} flushes in place`);
    });
  }

  test(`the planted fault is found: where a ${speed} disk skips fdatasync, acknowledged events are lost or the log is refused`, async (t) => {
    const [seed] = testSeeds("lying disks");
    let found = 0;
    await cutOften(t, { disk: powerCutDisk({ isLying: true, isFast }), seed }, async (folder, acknowledged) => {
      const { lost } = await recoverLeft(folder, acknowledged).catch((error: Error) => ({ lost: [error.message] }));
      if (lost.length > 0) found += 1;
    });
    assert.ok(found > CUTS / 2, `${found} of ${CUTS} cuts were noticed`);
  });
}
