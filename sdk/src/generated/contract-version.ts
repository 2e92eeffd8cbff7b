// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '7c8674596bb2c81d902f78b1b2f6d0e5628f1dd20d2b5f498b28b117fe94ad52';
