// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = 'fbf478b0a43485dd06afb17903a5648025bfaf4443bd485459dd16a494d413be';
