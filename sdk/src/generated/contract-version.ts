// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '25857432979cc209d6348fbcc7d63541cc57d73bb23864b2c934bd4648af0153';
