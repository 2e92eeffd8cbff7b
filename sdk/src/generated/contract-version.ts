// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'd66f33cb95ed14ccaa72af355f6120cb0a57f8ab9b08eae72cb7bd58e0301b2c';
