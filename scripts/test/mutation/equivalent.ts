/**
 * Mutants that change nothing anybody could see, each with the reason. One that a test kills after all, or that is not
 * there any more, is an error: the list never grows stale.
 */
export const equivalent: Record<string, string> = {};
