/** From where do the overlays get what they draw? Choices, the root's analyses and the profile; nothing renders. */

import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect } from "react";
import type { CandleChart } from "#components/chart/candle-chart.ts";
import { overlayChoices } from "#components/chart/overlays/overlay-choices.ts";
import { rangeChoice } from "#components/chart/range/range-choice.ts";
import type { ChartQuestion } from "#components/chart/use-candle-chart.ts";
import { levelChoice } from "#components/live/levels.ts";
import { useLiveParts } from "#components/live/live-context.tsx";
import { fetchProfile, useRangeProfile } from "#components/queries/price-rows.ts";
import { usePersisted } from "#components/ui/persisted.ts";
import { insightTopic, levelsTopic } from "#lib/wire/topic.ts";

/** Calls once the chart is made; `made` changes when it is made anew. */
export function useOverlays(
  chart: RefObject<CandleChart | null>,
  made: unknown,
  { root, contract, hours }: ChartQuestion & { root: string },
): void {
  const { client, store } = useLiveParts();
  const queries = useQueryClient();
  const choices = usePersisted(overlayChoices);
  const levels = usePersisted(levelChoice);
  const isRth = hours === "rth";
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew needs the choices again.
  useEffect(() => {
    chart.current?.overlays.setChoices(choices, levels, isRth);
  }, [chart, made, choices, levels, isRth]);

  const chosen = usePersisted(rangeChoice);
  const range = useRangeProfile(chosen?.contract === contract ? chosen : null).data ?? null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew needs the range again.
  useEffect(() => {
    chart.current?.overlays.setRange(range);
  }, [chart, made, range]);

  const wantsProfile = choices.profile;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew needs the analyses again.
  useEffect(() => {
    const overlays = () => chart.current?.overlays;
    const fetchPage = () => fetchProfile(queries, { contract: contract ?? "", span: isRth ? "rth" : "session" });
    const profile = createFetcher(fetchPage, (answer) => overlays()?.setProfile(answer));
    const [insight, levels] = [insightTopic(root), levelsTopic(root)];
    let closedMs: number | null = null;
    const takeLevels = (): void => {
      const analysis = store.levelsOf(levels);
      overlays()?.setAnalysis(analysis);
      if (!wantsProfile || contract === null || analysis === null || analysis.asOfMs === closedMs) return;
      closedMs = analysis.asOfMs;
      profile.want();
    };
    const takeSource = (): void => {
      const session = store.insightOf(insight)?.parts?.orderFlow.session;
      overlays()?.setDeltaSource(session?.status === "ready" ? session.source : null);
    };
    overlays()?.setProfile(null);
    takeLevels();
    takeSource();
    const leave = [
      client.want(levels),
      client.want(insight),
      store.subscribe(levels, takeLevels),
      store.subscribe(insight, takeSource),
    ];
    return () => {
      profile.stop();
      for (const leaveOne of leave) leaveOne();
    };
  }, [chart, made, root, contract, isRth, wantsProfile, client, store, queries]);
}

/** One request at a time; what is wanted meanwhile is one more behind it. A failure waits for the next wish. */
function createFetcher<Answer>(fetchOne: () => Promise<Answer>, take: (answer: Answer) => void) {
  let state: "idle" | "busy" | "again" | "stopped" = "idle";
  const go = (): void => {
    state = "busy";
    fetchOne().then(
      (answer) => {
        if (state !== "stopped") take(answer);
        next();
      },
      () => next(),
    );
  };
  const next = (): void => {
    if (state === "again") go();
    else if (state !== "stopped") state = "idle";
  };
  return {
    want(): void {
      if (state === "idle") go();
      else if (state === "busy") state = "again";
    },
    stop(): void {
      state = "stopped";
    },
  };
}
