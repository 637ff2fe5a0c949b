/** What can the person at the screen tell us? */
import { z } from "zod";
import type { Stamp } from "./stamp.ts";

/** The user fixes a root's front contract by its long symbol ("ESZ26"), or frees it with null. */
export type ContractPinned = Stamp & { type: "ContractPinned"; root: string; symbol: string | null };

export const contractPinnedSchema = z.strictObject({ root: z.string().min(1), symbol: z.string().min(1).nullable() });
