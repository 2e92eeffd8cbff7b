// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '6c0456fa5cbf92c20890e8de90953f24f5739a6f1f2fd6b9aad1d16752937aab';
