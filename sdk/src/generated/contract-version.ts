// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '518ec17db2e04dc20a8e029c50ba613b5bf481faf8d40835c24ce1cbbc9828f0';
