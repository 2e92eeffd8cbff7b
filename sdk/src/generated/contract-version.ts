// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'd97fe596211868dc61452aedef99bbfe7e72bb80d165bc766a88e86a29630fd4';
