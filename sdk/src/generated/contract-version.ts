// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '468465e90efd7e0d4fc7acf916427da4a37f5a04158cd338029b8640201e425b';
