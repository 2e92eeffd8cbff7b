// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = 'e1a5abc398ac8e7a1479aec560d77ee4ca89cb3baa0830841b8527d7d4d53acb';
