// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this SDK was generated from: the version in supabase/contract.json. */
export const contractVersion = '47a7fa4ec35151a59dcf8b8dcb3d9128bee0ac9df5a96510b89f36af7d23a06c';
