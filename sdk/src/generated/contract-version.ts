// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '0980c73247a940c220b4d744c26b62172b177b994b7bfadee1a7316a1fcfb587';
