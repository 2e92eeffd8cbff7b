// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '48df17f23f1a8da282eebe3e852d88dc1a90160e91a2f2c9fcfa1946c7168315';
