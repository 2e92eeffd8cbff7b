// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '1dff93d86ffbe689efa9b1f23441358cdd9e3dd167efe8f67361ed0461aab903';
