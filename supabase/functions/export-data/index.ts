// export-data: makes the files that people have asked for with export_my_data, and removes those whose time is over. The database calls it when
// there is something to do (call_for_exports). Answers how many were made and removed, and how many were not, which the database hands
// out again ten minutes later.
import { serveDatabase } from '../_shared/serve-database.ts';
import { callAsServer, serverClient } from '../_shared/server-database.ts';
import { countBytes, dataFile, type Page } from './data-file.ts';

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

type Done = { made: number; removed: number; failed: number };

serveDatabase(
  (): Done => ({ made: 0, removed: 0, failed: 0 }),
  async (done) => {
    await removeFiles(done);
    for (let n = 0; n < exportsPerCall; n += 1) {
      const claimed = await callAsServer<Claimed | null>('claim_data_export');
      if (claimed === null) return;
      if (await makeFile(claimed)) done.made += 1;
      else done.failed += 1;
    }
  },
);

async function makeFile(claimed: Claimed): Promise<boolean> {
  const { id, user_id, path, sections } = claimed;
  const counted = countBytes();
  let failure: string | null = null;
  const file = dataFile(
    { exported_at: new Date().toISOString(), user_id },
    sections,
    async (section, after) => {
      try {
        return await callAsServer<Page>('export_page', {
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
    const { error } = await serverClient()
      .storage.from('exports')
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
  await callAsServer('finish_data_export', {
    p_export_id: id,
    ...(failure === null ? { p_size: counted.size() } : { p_error: failure }),
  });
  return failure === null;
}

async function removeFiles(done: Done): Promise<void> {
  const paths = await callAsServer<string[]>('claim_export_removals', { p_limit: removalBatch });
  if (paths.length === 0) return;
  const { data, error } = await serverClient().storage.from('exports').remove(paths);
  if (error) {
    console.error('Storage did not remove files:', error.message);
    done.failed += paths.length;
  } else {
    done.removed += data.length;
  }
}
