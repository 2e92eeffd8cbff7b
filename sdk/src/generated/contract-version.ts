// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'a0dd1a2bd25068aa447616ee0dc9418c4d2fe37195c4521276783286346ed8ab';
