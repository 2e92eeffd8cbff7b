import { RelationNotFoundError } from '@supabase/lite';

/**
 * `@supabase/lite` prints every error of the database with its stack, also those that are plain refusals and reach the
 * client as such. A developer's console should show what went wrong in the stack and nothing else: refusals are left
 * out, any other error of the database takes one line.
 */
export function quietRefusals(log: (line: string) => void): () => void {
  const print = console.error;
  console.error = (...values: unknown[]) => {
    const [error] = values;
    if (error instanceof RelationNotFoundError) return;
    if (!(error instanceof Error && 'severity' in error && 'code' in error)) {
      print(...values);
    } else if (!/^(PT[1-4]\d\d|42501|22|23)/.test(String(error.code))) {
      log(`[api] ${error.code} ${error.message}`);
    }
  };
  return () => {
    console.error = print;
  };
}
