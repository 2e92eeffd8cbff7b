// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'aa3e6573f1e9fe3a513d5c458f4034d737f2b5e0abea657c5396dd5fa9606465';
