// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'c370c9cf6abe005b009bd21a95e1096ca1cd20054ef1a2d1f4f49784fe444599';
