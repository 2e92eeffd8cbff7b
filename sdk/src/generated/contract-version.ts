// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'cc1219894d34e9eb189e5a32d663eacdf3ea3a8448588f3260eb1a2f893b640c';
