// export-data: makes the files that people have asked for with export_my_data, and removes those whose time is over. The database calls it when
// there is something to do (call_for_exports). Answers how many were made and removed, and how many were not, which the database hands
// out again ten minutes later.
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { refuseStrangers } from '../_shared/database-secret.ts';
import { countBytes, dataFile, type Page } from './data-file.ts';

const url = Deno.env.get('SUPABASE_URL');
const secretKey = Object.values<string>(
  JSON.parse(Deno.env.get('SUPABASE_SECRET_KEYS') ?? '{}'),
)[0];

/** Exports a call; what is left waits for the next. */
const exportsPerCall = 3;
const pageSize = 1000;
const removalBatch = 100;

interface Claimed {
  id: string;
  user_id: string;
  path: string;
  sections: string[];
}

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

  const done = { made: 0, removed: 0, failed: 0 };
  try {
    await removeFiles(client, done);
    for (let n = 0; n < exportsPerCall; n += 1) {
      const claimed = await rpc<Claimed | null>(client, 'claim_data_export');
      if (claimed === null) break;
      if (await makeFile(client, claimed)) done.made += 1;
      else done.failed += 1;
    }
  } catch (error) {
    console.error((error as Error).message);
    return Response.json(
      { code: 'provider_unavailable', message: 'The database did not answer.', ...done },
      { status: 503 },
    );
  }
  return Response.json(done, { status: done.failed === 0 ? 200 : 503 });
});

async function rpc<Result>(
  client: SupabaseClient,
  name: string,
  args: Record<string, unknown> = {},
): Promise<Result> {
  const { data, error } = await client.rpc(name, args);
  // Neither arguments nor rows are logged.
  if (error) throw new Error(`${name} failed: ${error.code} ${error.message}`);
  return data as Result;
}

async function makeFile(client: SupabaseClient, claimed: Claimed): Promise<boolean> {
  const { id, user_id, path, sections } = claimed;
  const counted = countBytes();
  let failure: string | null = null;
  const file = dataFile(
    { exported_at: new Date().toISOString(), user_id },
    sections,
    async (section, after) => {
      try {
        return await rpc<Page>(client, 'export_page', {
          p_export_id: id,
          p_section: section,
          p_after: after,
          p_limit: pageSize,
        });
      } catch (error) {
        // Storage would only say that the body ended too early.
        failure = (error as Error).message;
        throw error;
      }
    },
  );
  try {
    const { error } = await client.storage
      .from('exports')
      .upload(path, file.pipeThrough(counted.stream), {
        contentType: 'application/gzip',
        duplex: 'half',
        upsert: true,
      });
    if (error) failure ??= `Storage: ${error.message}`;
  } catch (error) {
    failure ??= (error as Error).message;
  }
  if (failure !== null) console.error(`export ${id}: ${failure}`);
  await rpc(client, 'finish_data_export', {
    p_export_id: id,
    ...(failure === null ? { p_size: counted.size() } : { p_error: failure }),
  });
  return failure === null;
}

async function removeFiles(
  client: SupabaseClient,
  done: { removed: number; failed: number },
): Promise<void> {
  const paths = await rpc<string[]>(client, 'claim_export_removals', { p_limit: removalBatch });
  if (paths.length === 0) return;
  const { data, error } = await client.storage.from('exports').remove(paths);
  if (error) {
    console.error('Storage did not remove files:', error.message);
    done.failed += paths.length;
  } else {
    done.removed += data.length;
  }
}
