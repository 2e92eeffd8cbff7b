// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '92581dd568450f5262995a74b37f773a400b019bbc694f56306111205e181752';
