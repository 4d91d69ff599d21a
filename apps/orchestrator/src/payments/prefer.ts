/** `Prefer: wait=N` (RFC 7240): how long the caller is willing to wait for an answer worth having. */

/** Longer than a bank takes, shorter than the idle time-out of common load balancers (60 s). */
export const WAIT_MAX_SECONDS = 30;

/** @returns whole seconds from 0 to 30; null where nothing usable is asked for: a preference is never an error */
export function waitSeconds(prefer: string | string[] | undefined): number | null {
  if (prefer === undefined) return null;
  for (const preference of [prefer].flat().join(',').split(',', 16)) {
    const [name = '', value = ''] = preference
      .split(';', 1)[0]!
      .split('=', 2)
      .map((part) => part.trim());
    const seconds = value.replace(/^"(.*)"$/, '$1');
    if (name.toLowerCase() === 'wait' && /^[0-9]{1,9}$/.test(seconds))
      return Math.min(Number(seconds), WAIT_MAX_SECONDS);
  }
  return null;
}
