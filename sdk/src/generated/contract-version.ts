// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '7d124c59aa10e7173a44a7e3aebed14ef8759096b8cf1fa6b8009850f29fc80e';
