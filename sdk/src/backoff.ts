export interface BackoffLimits {
  /** Milliseconds: the longest first wait. */
  readonly baseMs: number;
  /** Milliseconds: no wait is longer than this. */
  readonly capMs: number;
}

/**
 * Milliseconds to wait before trying again: exponential, with full jitter, so that clients that failed together
 * do not come back together.
 *
 * @param attempt how many attempts have failed before this one; 0 for the first wait
 */
export function backoffMs(attempt: number, { baseMs, capMs }: BackoffLimits): number {
  return Math.random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}
