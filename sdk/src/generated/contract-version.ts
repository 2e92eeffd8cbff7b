// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'd22a48a7d3ee705a9149e691611a6aae329b714f7f04aa7f3169dee793ec4411';
