// sweep-attachments: removes from the bucket what nobody may read any more, through the Storage API, since SQL may not. The database calls
// it when there is something to remove (sweep_attachments), and hands out again ten minutes later what was not removed.
import { serveDatabase } from '../_shared/serve-database.ts';
import { callAsServer, serverClient } from '../_shared/server-database.ts';

const BATCH = 100;
/** Of one call; what is left waits for the next. */
const MAX_BATCHES = 20;

serveDatabase(
  () => ({ removed: 0, failed: 0 }),
  async (done) => {
    for (let batch = 1; batch <= MAX_BATCHES; batch += 1) {
      const paths = await callAsServer<string[]>('claim_attachment_removals', { p_limit: BATCH });
      if (paths.length === 0) return;
      const { data, error } = await serverClient().storage.from('attachments').remove(paths);
      if (error) {
        console.error('Storage did not remove files:', error.message);
        done.failed += paths.length;
      } else {
        // What is not in the answer was gone before.
        done.removed += data.length;
      }
    }
  },
);
