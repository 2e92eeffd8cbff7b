// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'c709e88b558c94dd51ba36b57162dc578868feb44ad0f1664ecb83ed5ff8b3e4';
