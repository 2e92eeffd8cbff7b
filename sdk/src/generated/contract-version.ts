// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '7eb61ae76b7c942f4ffd3ec5026fa193836f98ce9c433695b1cee4d9c3e54d31';
