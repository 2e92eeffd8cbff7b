// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '938f9a17c0bc0bbd33cb576a0e29d40776c4aa01e881498c0d388cfee6bb8968';
