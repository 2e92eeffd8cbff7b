// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '51e4c09384b343bac458bb145854fe07e85e29fde2de23a2a1df4c3a9ec595c5';
