/** The platform's runtime ends a worker some time after its answer, unless it is told to wait for something. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

/** Goes on with this work also when the request is answered, or is waited for no longer. Elsewhere a process does so anyway. */
export function outliveAnswer(work: Promise<unknown>): void {
  if (typeof EdgeRuntime !== 'undefined') EdgeRuntime.waitUntil(work);
}
