// link-previews: looks at the links that wait for it and tells the database what they lead to. The database calls it
// when there are any (call_for_link_previews) and does not wait: the answer comes as soon as the first links are claimed.
import { outliveAnswer } from '../_shared/outlive-answer.ts';
import { serveDatabase } from '../_shared/serve-database.ts';
import { callAsServer } from '../_shared/server-database.ts';
import { fetchPreview } from './fetch-preview.ts';
import { publicInternet } from './network.ts';
import type { PagePreview } from './page-preview.ts';

interface Claim {
  channel_id: string;
  seq: number;
  url: string;
  /** Whether the database knows already what the link leads to. */
  is_known: boolean;
  preview: PagePreview | null;
}

/** Links that are looked at side by side. */
const BATCH = 20;
/** Of one call; what is left is for the next. */
const MAX_BATCHES = 5;

serveDatabase(
  () => ({ claimed: 0 }),
  async (done) => {
    const claims = await claim();
    done.claimed = claims.length;
    outliveAnswer(answerAll(claims).catch(report));
  },
);

function claim(): Promise<Claim[]> {
  return callAsServer('claim_link_previews', { p_limit: BATCH });
}

async function answerAll(first: Claim[]): Promise<void> {
  let claims = first;
  for (let batch = 1; claims.length > 0; batch += 1) {
    // A link that several messages have is looked at once.
    const fetched = new Map<string, Promise<PagePreview | null>>();
    await Promise.all(
      claims.map(async (claim) => {
        const looking = claim.is_known
          ? Promise.resolve(claim.preview)
          : (fetched.get(claim.url) ?? look(claim.url));
        fetched.set(claim.url, looking);
        await answer(claim, await looking);
      }),
    );
    if (claims.length < BATCH || batch === MAX_BATCHES) return;
    claims = await claim();
  }
}

/** What the link leads to. Whatever is in the way, there is nothing to show then; it is not tried again. */
async function look(link: string): Promise<PagePreview | null> {
  try {
    return await fetchPreview(link, publicInternet);
  } catch {
    return null;
  }
}

/** What is not answered for a fault of the database is given out again. */
async function answer({ channel_id, seq, url }: Claim, preview: PagePreview | null): Promise<void> {
  await callAsServer('store_link_preview', {
    p_channel_id: channel_id,
    p_seq: seq,
    p_url: url,
    p_preview: preview,
  }).catch(report);
}

/** Never what somebody wrote: links are not in the log. */
function report(error: Error): void {
  console.error(error.message);
}
