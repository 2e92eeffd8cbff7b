// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '7f4feca110872c7e2cc1767039632847c2111038c7549784b351aa1c32890437';
