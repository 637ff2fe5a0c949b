/** What can be analysed, and what is a contract of it? Specifications from our own table alone. */
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** GET /analysis/assets: followed instruments by name, and their specifications. */
export function getAnalysisAssets(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "Followed instruments and their specifications" };
  app.get("/analysis/assets", { schema }, async () => {
    const rows = deps.instruments();
    return {
      assets: Object.fromEntries(rows.map(({ name, root }) => [name, root])),
      contract_specs: Object.fromEntries(
        rows.map(({ name, root, contract, tickSize, pointValue, tickValueUsd, feePerSideUsd, currency }) => [
          name,
          { root, contract, tickSize, pointValue, tickValueUsd, feePerSideUsd, currency },
        ]),
      ),
    };
  });
}
