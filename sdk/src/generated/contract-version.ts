// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '61453720dd89b924df99506f36d60acbd49b3b25259417fe0dabee4f3370cdb9';
