// Generated from supabase/contract.json by npm run generate; do not edit.

/** Which contract this was generated from: the version in supabase/contract.json. */
export const contractVersion = '35dff6b4c267b32c3060d824c728007b2904792f04039836c75cbf927576d04a';
