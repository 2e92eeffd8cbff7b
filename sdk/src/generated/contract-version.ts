// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '735dcd409ae562ece74f73bac382f761b867b9ed990302d6c4f34f0419646968';
