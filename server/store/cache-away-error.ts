/** Why can the cache not be used now? */

/** In words, without the password; the cache comes back by itself. */
export class CacheAwayError extends Error {
  override name = "CacheAwayError";
}
