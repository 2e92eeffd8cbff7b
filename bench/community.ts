import type { Session } from './bench-database.ts';

export interface BenchCommunity {
  communityId: string;
  channelId: string;
  ownerId: string;
  memberIds: string[];
}

/** Makes users in bulk. Their profiles come by the trigger that sign-up uses. */
async function createUsers(session: Session, count: number): Promise<string[]> {
  const rows = await session`
    insert into auth.users (id, email)
    select id, 'bench-' || id || '@example.com'
    from (select gen_random_uuid() as id from generate_series(1, ${count}::int)) made
    returning id`;
  return rows.map((row) => row.id as string);
}

/** Makes a community through its own function, and fills it with members, the owner included in `memberCount`. */
export async function createBenchCommunity(
  session: Session,
  name: string,
  memberCount: number,
): Promise<BenchCommunity> {
  return (await session.begin(async (tx) => {
    const transaction = tx as unknown as Session;
    const [ownerId, ...memberIds] = await createUsers(transaction, memberCount);
    if (ownerId === undefined) throw new Error('A community has at least its owner.');
    await tx`select set_config('request.jwt.claims', ${JSON.stringify({ sub: ownerId, role: 'authenticated' })}, true)`;
    const [community] = await tx`select (public.create_community(${name})).id`;
    const communityId = community?.id as string;
    const [channel] = await tx`select id from public.channels where community_id = ${communityId}`;
    if (memberIds.length > 0) {
      await tx`
        insert into public.community_members (community_id, user_id, access_class_id, sort_name)
        select ${communityId}, p.id, c.id, private.sort_name(null, p.display_name)
        from (select private.access_class(${communityId}, '{}', null) as id) c,
          public.profiles p
        where p.id = any (${memberIds}::uuid[])`;
    }
    return { communityId, channelId: channel?.id as string, ownerId, memberIds };
  })) as BenchCommunity;
}
