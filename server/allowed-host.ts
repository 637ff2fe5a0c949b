/** Under which names may browsers address us? A name outside the list is a rebinding attack, answered with 421. */

/**
 * True where a Host header (`localhost:3000`, `[::1]`, `rightseat.example`) names this machine's loopback or the host
 * of `publicOrigin`. Ports are not compared: the rule stops foreign names, not foreign ports.
 */
export function isAllowedHost(hostHeader: string | undefined, publicOrigin: string | null): boolean {
  if (hostHeader === undefined || !/^[A-Za-z0-9.:[\]_-]+$/.test(hostHeader)) return false;
  const address = `http://${hostHeader}`;
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  if (hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]") return true;
  return publicOrigin !== null && hostname === new URL(publicOrigin).hostname;
}
