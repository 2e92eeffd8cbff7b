// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '617d5a2e1c51f60445482ab7f5e60110bf12e69db223f877bf2bb6f84201a2af';
