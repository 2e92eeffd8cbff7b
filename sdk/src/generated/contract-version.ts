// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'e71566235f371029fd5c82abf7e5b3c3548e534a3af0984cc5bc65884bc6f08c';
