// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '3874a36fb596cf0655375a145658fe691616a238adf122a84298ab875c1cc48a';
