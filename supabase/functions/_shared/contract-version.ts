// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '1743f456a62236d2a6c90e917f8a578402814ee8b28a70b9af9b8bfb6cbf05c6';
