// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'a121136f95fb069d5eba8c27cb0c11dfb7c4805599bfbcb99797d88efe42f26c';
