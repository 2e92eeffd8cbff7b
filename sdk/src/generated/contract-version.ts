// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '27b2cffa5d9ccccb6a7c5d01c11b99b76a089a028898ba0759ac17a6ae858a43';
