/** From which signal quality on is a setup worth a trade? One number for the plan, the no-trade words and the screens. */

/** Points of 100 (the incumbent's 55 %); below it the plan stands aside. */
export const SETUP_QUALITY_MIN = 55;
