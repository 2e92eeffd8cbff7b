// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '2fcc9309781ead75dab71308a60c693cb695a66a009eb754197bf6760df89013';
