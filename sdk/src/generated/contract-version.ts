// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'f586cafc8f0b25748356b20ab949f77d24896dced52c4698fb7127a3b03ae760';
