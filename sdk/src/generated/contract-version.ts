// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '81eb969c5defc51d6a1e7892798857873ef6711ecd74f3af7c56a6550be64e9f';
