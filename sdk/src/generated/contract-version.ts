// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '3754fb75d160e1f22a7e1627db85fd862991d1edeb4f506783749c23ea7fe93c';
