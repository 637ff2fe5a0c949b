/** What does the NinjaTrader add-on do? Compiled against the stub of the platform, one scenario played by mono. */
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { BridgeServer, type RecordedPost } from "./bridge-server.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SOURCES = path.resolve(import.meta.dirname, "../../bridge/ninjatrader");
const SCENARIO_MS_MAX = 60_000;
/** The oldest compiler that a NinjaTrader 8 may have; a warning is a failure. */
const FLAGS = ["-langversion:5", "-warn:4", "-warnaserror"];

export type Played = { posts: RecordedPost[]; lines: string[] };

/** Are compiler and runtime on this machine? Says so in the report where they are not. */
export function hasMono(): boolean {
  const isHere = ["mcs", "mono"].every((program) => spawnSync(program, ["--version"]).error === undefined);
  if (!isHere) console.log("ABSENT mono-mcs");
  return isHere;
}

/** Compiles add-on, stub and harness into the folder; throws the compiler's words. */
export function compileHarness(folder: string): string {
  const files = ["", "stub", "harness"].flatMap((place) =>
    readdirSync(path.join(SOURCES, place))
      .filter((name) => name.endsWith(".cs"))
      .map((name) => path.join(SOURCES, place, name)),
  );
  const program = path.join(folder, "harness.exe");
  const { status, stdout, stderr } = spawnSync("mcs", [...FLAGS, `-out:${program}`, ...files], { encoding: "utf8" });
  if (status !== 0) throw new Error(`mcs ended with ${status}:\n${stdout}${stderr}`);
  return program;
}

/** Plays a scenario of the harness against a server of its own; resolves when the platform has closed. */
export async function playScenario(t: TestContext, program: string, scenario: string): Promise<Played> {
  await using server = new BridgeServer();
  const url = await server.open();
  const child = spawn("mono", [program, scenario, url, temporaryFolder(t)], { timeout: SCENARIO_MS_MAX });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the harness ended with ${code}:\n${output}`);
  return { posts: server.posts, lines: output.trimEnd().split("\n") };
}
