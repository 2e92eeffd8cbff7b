// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '3d6c9e8f5db3e5eaef38dfa7b147cc2eba02896dae86d9d4ea78e5472460f017';
