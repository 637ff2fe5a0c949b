/** By which interval, look-back and account shall the analyses go? Durable before the answer. */
import { updateSettingsSchema } from "#lib/wire/insight.ts";
import type { HttpDeps } from "../deps.ts";
import type { HttpApp } from "../http-app.ts";

/** POST /actions/update_settings {interval?, period?, account_size?}: updated or no_change, with what changed. */
export function postActionUpdateSettings(app: HttpApp, deps: HttpDeps): void {
  const schema = { summary: "Change interval, look-back or account; durable", body: updateSettingsSchema };
  app.post("/actions/update_settings", { schema }, async (request) => {
    const before = deps.analysisStatus().settings;
    const { interval, period, account_size } = request.body;
    const { seq, outcome } = await deps.updateSettings({
      interval: interval ?? before.interval,
      lookbackDates: Number.parseInt(period ?? before.period, 10),
      accountSizeUsd: account_size ?? before.account_size,
    });
    const after = deps.analysisStatus().settings;
    const status = outcome.status === "accepted" ? "updated" : "no_change";
    const timestamp = new Date().toISOString();
    return { status, changed: outcome.status === "accepted" ? request.body : {}, settings: after, seq, timestamp };
  });
}
