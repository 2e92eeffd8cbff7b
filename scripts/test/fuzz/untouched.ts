import { readContract } from '../../contract/read-contract.ts';
import type { Queryable } from '../../database/database.ts';

const contract = readContract();

/** Tables of ours whose rows say which community or channel they belong to. */
const owned = Object.entries(contract.tables)
  .filter(([, { kind }]) => kind === 'table')
  .flatMap(([name, { columns }]) => {
    const has = (column: string) => columns.some((candidate) => candidate.name === column);
    if (name === 'public.communities') return [{ name, condition: 't.id = $1' }];
    if (has('community_id')) return [{ name, condition: 't.community_id = $1' }];
    if (has('channel_id')) return [{ name, condition: 't.channel_id = any ($2)' }];
    return [];
  });

const placesOf = `
  select array(
    select c.id from public.channels c where c.community_id = $1
    union all
    select t.id from private.threads t join public.channels c on c.id = t.channel_id where c.community_id = $1
  ) as ids`;

/** Everything that is stored about a community and what was said in it, as one word that changes when any of it does. */
export async function digestOf(tx: Queryable, communityId: string): Promise<string> {
  const [places] = await tx.query<{ ids: string[] }>(placesOf, [communityId]);
  const rows = owned.map(
    ({ name, condition }) =>
      `select '${name}' as place, t::text as row from ${name} t where ${condition}`,
  );
  const [answer] = await tx.query<{ digest: string }>(
    `select md5(string_agg(r.place || r.row, ' ' order by r.place, r.row)) || count(*) as digest
     from (
       ${rows.join(' union all ')}
       union all
       select 'broadcast', m.topic || m.event from realtime.messages m
       where m.inserted_at = localtimestamp and split_part(m.topic, ':', 2) = any ($1::text || $2::uuid[]::text[])
     ) r`,
    [communityId, places?.ids ?? []],
  );
  return answer?.digest ?? '';
}
