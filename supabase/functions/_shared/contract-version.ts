// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '17184c4a1f778b228137def00be06ecbdc3221e9b9b742ca28732c1e8fefd952';
