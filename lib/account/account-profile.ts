/** How much may one trade risk, and how many contracts may it have? The incumbent's three profiles, by account size. */

/** `source` is shown beside it: these are no firm's rules. */
export type AccountProfile = {
  key: string;
  sizeUsd: number;
  riskUsd: number;
  contractsMax: number;
  microContractsMax: number;
  source: "incumbent" | "1 % of the account";
};

/** As the incumbent has them: 1 % risk a trade. */
const INCUMBENT_PROFILES: readonly AccountProfile[] = [
  { key: "50k", sizeUsd: 50_000, riskUsd: 500, contractsMax: 2, microContractsMax: 10, source: "incumbent" },
  { key: "100k", sizeUsd: 100_000, riskUsd: 1_000, contractsMax: 3, microContractsMax: 20, source: "incumbent" },
  { key: "150k", sizeUsd: 150_000, riskUsd: 1_500, contractsMax: 4, microContractsMax: 30, source: "incumbent" },
];

/** The profile of an account size; other sizes risk 1 % and have as many contracts as the next smaller profile. */
export function accountProfileOf(sizeUsd: number): AccountProfile {
  const [smallest] = INCUMBENT_PROFILES;
  const nearest = INCUMBENT_PROFILES.findLast((profile) => profile.sizeUsd <= sizeUsd) ?? smallest;
  if (nearest.sizeUsd === sizeUsd) return nearest;
  return { ...nearest, key: "custom", sizeUsd, riskUsd: sizeUsd / 100, source: "1 % of the account" };
}
