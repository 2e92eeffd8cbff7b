// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '2598bad6fb7030239fb33cdd79a2f70342c070e21bd78ef2eea5f859431a18ad';
