// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '60e25191234ba34e130d806e9c08042d7d4e6eedf2b65ba5a19d809f5785e000';
