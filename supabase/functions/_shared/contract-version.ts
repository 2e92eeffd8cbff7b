// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '54c19db6c3e5f9f47edf452c07fbd758f029d1be30b32cdeb949c66885c70a49';
