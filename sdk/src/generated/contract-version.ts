// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'fa09d07f83f715f9e3780a9e0e130118997c753313c73f266c231d5de8220c42';
