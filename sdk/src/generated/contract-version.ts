// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '10778fb610fae985ddef16f9c8b6468ace3d3cb4747937447e83e99cf52bb878';
