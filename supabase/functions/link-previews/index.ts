// link-previews: looks at the links that wait for it and tells the database what they lead to. The database calls it
// when there are any (call_for_link_previews) and does not wait: the answer comes as soon as the first links are claimed.
import { createClient } from '@supabase/supabase-js';
import { refuseStrangers } from '../_shared/database-secret.ts';
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

const url = Deno.env.get('SUPABASE_URL');
const secretKey = Object.values<string>(
  JSON.parse(Deno.env.get('SUPABASE_SECRET_KEYS') ?? '{}'),
)[0];
const database =
  url && secretKey
    ? createClient(url, secretKey, { auth: { persistSession: false, autoRefreshToken: false } })
    : null;

/** The platform's runtime lives on for what it is told to wait for; elsewhere the process does anyway. */
declare const EdgeRuntime: { waitUntil(work: Promise<unknown>): void } | undefined;

Deno.serve(async (request) => {
  const refusal = await refuseStrangers(request);
  if (refusal !== null) return refusal;
  try {
    const claims = await claim();
    const work = answerAll(claims).catch(report);
    if (typeof EdgeRuntime !== 'undefined') EdgeRuntime.waitUntil(work);
    return Response.json({ claimed: claims.length }, { status: 202 });
  } catch (error) {
    report(error);
    return Response.json(
      { code: 'provider_unavailable', message: 'The database does not answer.' },
      { status: 503 },
    );
  }
});

async function claim(): Promise<Claim[]> {
  if (database === null) throw new Error('there is no URL or no secret key to work with');
  const { data, error } = await database.rpc('claim_link_previews', { p_limit: BATCH });
  if (error) throw error;
  return data;
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
  const { error } = (await database?.rpc('store_link_preview', {
    p_channel_id: channel_id,
    p_seq: seq,
    p_url: url,
    p_preview: preview,
  })) ?? { error: null };
  if (error) report(error);
}

/** Never what somebody wrote: links are not in the log. */
function report(error: unknown): void {
  const { code, message } = error as { code?: string; message: string };
  console.error('link-previews failed:', code ?? '', message);
}
