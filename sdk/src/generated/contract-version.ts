// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'b78ca94fed2d7a28f1316d5cbe58a7436edc740211ee32a6f454da15bad84f16';
