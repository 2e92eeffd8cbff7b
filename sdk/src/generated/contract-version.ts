// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '199913f58d3bd1ae5f9dbc5c67079184971fa8ecd908f6ee2db6b7dec58b0860';
