// sweep-attachments: removes from the bucket what nobody may read any more, through the Storage API, since SQL may not. The database calls
// it when there is something to remove (sweep_attachments). Answers how many files were removed and how many were not, which the
// database hands out again ten minutes later.
import { createClient } from '@supabase/supabase-js';
import { refuseStrangers } from '../_shared/database-secret.ts';

const url = Deno.env.get('SUPABASE_URL');
const secretKey = Object.values<string>(
  JSON.parse(Deno.env.get('SUPABASE_SECRET_KEYS') ?? '{}'),
)[0];

const batch = 100;
/** Batches a call; what is left waits for the next. */
const batches = 20;

Deno.serve(async (request) => {
  const refusal = await refuseStrangers(request);
  if (refusal !== null) return refusal;
  if (!url || !secretKey) {
    return Response.json(
      { code: 'provider_unavailable', message: 'The function has no URL or no key to work with.' },
      { status: 503 },
    );
  }

  const client = createClient(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  let removed = 0;
  let failed = 0;
  for (let round = 0; round < batches; round += 1) {
    const { data: paths, error } = await client.rpc('claim_attachment_removals', {
      p_limit: batch,
    });
    if (error) {
      console.error('claim_attachment_removals failed:', error.code, error.message);
      return Response.json(
        { code: 'provider_unavailable', message: 'The database did not answer.', removed, failed },
        { status: 503 },
      );
    }
    if (paths.length === 0) break;
    const answer = await client.storage.from('attachments').remove(paths);
    if (answer.error) {
      console.error('Storage did not remove files:', answer.error.message);
      failed += paths.length;
    } else {
      // What is not in the answer was gone before.
      removed += answer.data.length;
    }
  }
  return Response.json({ removed, failed }, { status: failed === 0 ? 200 : 503 });
});
