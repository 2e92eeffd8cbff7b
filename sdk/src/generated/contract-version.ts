// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '6b9ff5005ee382c344f061728a66e8db9f2b0393103bf627c114e804ea2ef528';
