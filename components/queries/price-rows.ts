/** What traded at each price? The newest profile and footprint, asked for anew behind each close. */

import { type QueryClient, useQuery } from "@tanstack/react-query";
import { askApi } from "#components/queries/api.ts";
import type { FootprintAnswer, FootprintInterval, ProfileAnswer, ProfileSpan } from "#lib/wire/footprint.ts";

/** The profile as it stands now; charts that ask at the same time share one request. */
export function fetchProfile(
  client: QueryClient,
  { contract, span }: { contract: string; span: ProfileSpan },
): Promise<ProfileAnswer> {
  return client.fetchQuery({
    queryKey: ["profile", contract, span],
    queryFn: () => askApi<ProfileAnswer>(`/analysis/profile/${contract}?span=${span}`),
    retry: 0,
  });
}

/** While a range reaches beyond the newest closed bar it is asked for so often. */
const RANGE_EVERY_MS = 5_000;

/** The profile of a chosen range; asks for nothing while its end is not chosen. */
export function useRangeProfile(range: { contract: string; fromMs: number; toMs: number | null } | null) {
  const { contract, fromMs, toMs } = range ?? { contract: "", fromMs: 0, toMs: null };
  return useQuery({
    queryKey: ["profile", contract, fromMs, toMs],
    queryFn: () => askApi<ProfileAnswer>(`/analysis/profile/${contract}?from=${fromMs}&to=${toMs}`),
    enabled: toMs !== null,
    refetchInterval: ({ state: { data } }) => ((data?.asOfMs ?? 0) >= (toMs ?? 0) ? false : RANGE_EVERY_MS),
  });
}

/** A footprint changes with every trade: asked for so often while it is looked at. */
const FOOTPRINT_EVERY_MS = 1_500;

/** The newest bars of a contract, the forming one last; null: none is chosen yet. */
export function useFootprint(contract: string | null, interval: FootprintInterval) {
  return useQuery({
    queryKey: ["footprint", contract, interval],
    queryFn: () => askApi<FootprintAnswer>(`/analysis/footprint/${contract}?interval=${interval}`),
    enabled: contract !== null,
    refetchInterval: FOOTPRINT_EVERY_MS,
  });
}
