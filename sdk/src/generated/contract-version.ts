// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '71beb4dc17ded1e1e775327630955ed6bf161411943b0053e6215280b54e79af';
