// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '3f8293b9c9a404e5a69311f499557c4dcc3730d3aa3b5a6a306cbfb19ffa7e72';
