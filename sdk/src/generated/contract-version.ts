// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'c66c73ce38b849cbc028461af2845845b3bebfa1d65162b060c61bfe128a94b7';
