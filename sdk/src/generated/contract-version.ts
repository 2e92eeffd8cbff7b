// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '1aef68eb473b6d038263434871ed86781fa3acdee9815c3499b927ed15ddfdff';
