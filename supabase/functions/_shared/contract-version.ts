// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '5440ffbe87cfc975d1da26d89d6b16f22712061d717f3979a37a99828f2ae9e2';
