// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = 'e49a0b664fe14e5a08f461f29c82992bb17796df903bcf2de6c91bfdf4048be6';
