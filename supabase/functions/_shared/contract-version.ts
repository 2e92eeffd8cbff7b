// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = 'b2190e7b28cfd20d453211ab4d24eab7ab16272a7fd7ae287c3f330cf522dbf4';
