/** What can an account outside tell us? Posted by the bridge, whose ledger comes with the bridge itself. */
import { z } from "zod";
import type { Stamp } from "./stamp.ts";

/** An account's word that it is alive, with the sender's own clock. */
export type HeartbeatReceived = Stamp & { type: "HeartbeatReceived"; account: string; sentMs: number };

export const heartbeatReceivedSchema = z.strictObject({ account: z.string().min(1), sentMs: z.number() });
