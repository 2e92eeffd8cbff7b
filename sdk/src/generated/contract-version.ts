// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'c9cb120c9cf8d3575f4922e87822272fef62518396805d3bece9dc7db7b5b527';
