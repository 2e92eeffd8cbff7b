// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = 'baa8b3168b9a59d76e145c7b1e537212e2d62e3c175c686ff0e224d480415127';
