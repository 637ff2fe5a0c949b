/** What do the live path's bench and its sender say to each other, and what is sent? */

export const KEY = "bench-key-0123456789";
export const TICKER = "ESZ6";
export const TRADES = 50;
/** Tuesday 2026-11-17, 10:30 in New York: the market is open and the contract is the front. */
export const START_MS = Date.parse("2026-11-17T15:30:00Z");
/** Frames under way at most: some 7 MB, so that neither side ever waits for the other's next word. */
export const AHEAD_FRAMES = 2_048;
/** The reader says how far it is this often. */
export const SAY_EVERY_FRAMES = 256;

export type ToSender = { word: "prepare"; frames: number } | { word: "send"; read: number };
export type FromSender = { word: "listening"; wsUrl: string; restUrl: string } | { word: "prepared"; bytes: number };
