/** From which signal quality on is a setup worth a trade? One number for plan, no-trade words and screens. */

/** Points of 100 (the incumbent's 55 %); below it the plan stands aside. */
export const SETUP_QUALITY_MIN = 55;
