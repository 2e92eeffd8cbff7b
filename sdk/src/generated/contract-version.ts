// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'adaa335ba2c498bee8ae66b360db45c5c4350fc1d0a0ab25074bce8c0040650b';
