/** How does a caller place or remove the anchors of VWAP and CVD, and what is answered? */
import { z } from "zod";

/** A root ("ES": its front contract) or a contract ("ESZ6"). */
const instrument = z.string().min(1).max(20);
const epochMs = z.number().int().min(0).max(8.64e15);

/** Body of POST /actions/set_anchor: an instant of the minute that the anchor begins with. */
export const setAnchorSchema = z.strictObject({ instrument, at_ms: epochMs });
/** Body of POST /actions/remove_anchor; null removes all of the contract's. */
export const removeAnchorSchema = z.strictObject({ instrument, at_ms: epochMs.nullable() });

/** `anchors`: opens of the minutes where anchors of the contract stand now, in the order in which they were placed. */
export const anchorAnswerSchema = z.object({
  status: z.enum(["placed", "removed", "no_change"]),
  contract: z.string(),
  anchors: z.array(z.number()),
  seq: z.number(),
  timestamp: z.string(),
});
export type AnchorAnswer = z.infer<typeof anchorAnswerSchema>;
