// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '852b3aec729886f8cf9e2990253378cbe3e85d2eed587d1b3a2de1bf78fce019';
