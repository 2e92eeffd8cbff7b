// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = 'a41c1c335fa9411cc393ad7402428b1c9cc075ef617e0654657ba6ffcfaee2cf';
