// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'a5b0db7a4aa4e764944c8fde85a0420c03acff3be7b81b2cd03b34c0d1315043';
