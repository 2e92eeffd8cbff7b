// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '59b4a1a2a542683f74d58d02be57586098a1096d0e3bee8efc8fc40757669d29';
