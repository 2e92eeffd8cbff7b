// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'cb3a5a6aebf2e4ad0a10313fcab4bc91b479563ee5078ef07c806fa5491f4f14';
