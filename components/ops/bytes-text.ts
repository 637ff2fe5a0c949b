/** How large is the log, for people? */
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Decimal units with three figures: 512 → "512 B", 48,213,004 → "48.2 MB". */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  const decimals = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(decimals)} ${UNITS[unit]}`;
}
