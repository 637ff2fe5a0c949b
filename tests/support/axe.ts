/** What stands in the way of a screen reader, a keyboard or weak eyes on this page? As axe-core finds it. */

import axe from "axe-core";
import type { Page } from "playwright-core";

type AxeFinding = { id: string; impact: string; nodes: string[] };

/** What axe calls serious or critical. */
export async function axeFindings(page: Page): Promise<AxeFinding[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    type Found = {
      violations: { id: string; impact: string; nodes: { target: string[]; failureSummary: string }[] }[];
    };
    // Safe: the script above has just put it there.
    const axe = (globalThis as unknown as { axe: { run(where: Document): Promise<Found> } }).axe;
    const { violations } = await axe.run(document);
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.slice(0, 8).map(({ target, failureSummary }) => `${target.join(" ")}: ${failureSummary}`),
      }));
  });
}
