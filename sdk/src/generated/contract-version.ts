// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '0b50313d22db91e033697b8bf9fb40ed1aea9e4a37b3d6475d89a433906ade95';
