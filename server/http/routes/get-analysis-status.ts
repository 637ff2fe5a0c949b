/** How far are the analyses, and by which settings do they go? */
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/status. */
export function getAnalysisStatus(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "Settings and progress of the analyses" };
  app.get("/analysis/status", { schema }, async () => deps.analysisStatus());
}
