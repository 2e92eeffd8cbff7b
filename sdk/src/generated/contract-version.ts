// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '7ed5e554cec49eb2f24038789598b1cab02489fa8dccae009ff5d83e52571c60';
