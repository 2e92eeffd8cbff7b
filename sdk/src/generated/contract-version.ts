// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'a11a6633626d8c8d17703dfa70884eef5f4ce9b3b279e7aec2ae6888f36e6844';
