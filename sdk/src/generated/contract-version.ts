// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '363c25ae8aaa1ed483d403f5a448e42a5adaff46b2eb2b506f6591946dfd6b4a';
