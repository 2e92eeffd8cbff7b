// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '440dd82c8450e8fbd8a4ecc8b217e691f8b79c39d7759a3a30cb2910491bac24';
