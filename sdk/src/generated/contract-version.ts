// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'fe20e261b2d758e6151f01dfaea58fe551bbe6e860d3bdc06deeb97798ed0c10';
