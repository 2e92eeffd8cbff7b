// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '606873aef9f88335f8e57950093561ee46fdff41d3eea8366689ea1f7363b194';
