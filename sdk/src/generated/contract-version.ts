// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '5e3eac746506e1f2b9c62c73a322ade0e62ff2f50ab0214da9c9b76038fff87f';
