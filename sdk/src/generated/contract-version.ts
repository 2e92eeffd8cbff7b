// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '59556584b09d1f457295b58647e54e077dc54f9a8b0a8fdfb1c45e303ce19288';
