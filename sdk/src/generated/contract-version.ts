// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'e4f4e1c1893c3bd34adb6f156cd899ecc90dde9f44a7012d78a74d4a3069d1e3';
