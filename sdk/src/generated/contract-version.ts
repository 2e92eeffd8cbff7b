// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '9ae7430481f3b693b299658cda60bb1080a08ce13133a519fdc532497a0e4511';
