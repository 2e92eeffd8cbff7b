// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '243815a2962dee2dc74ae9eca65ddf9e3300427281cb5a78e63099c8f8b27d28';
