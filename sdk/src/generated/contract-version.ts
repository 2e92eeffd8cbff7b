// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'c6c9414c35051be4b233510293040d8cf631538b4bf74852fdd7f398d6477af2';
