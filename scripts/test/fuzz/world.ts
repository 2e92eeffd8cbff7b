import type { Transaction } from '../../database/database.ts';
import { become } from '../access/database-under-test.ts';
import { knownWords } from './exposed-functions.ts';

/** Who calls: the role and the verified claims of their token. */
export interface Caller {
  who: string;
  role: 'anon' | 'authenticated' | 'service_role';
  userId: string | null;
}

/** Two communities with one of everything in the first, and people who stand in every relation to it. */
export interface World {
  callers: Caller[];
  /** By what an argument's name calls them: `channel`, `user`, `report` … */
  ids: Record<string, string[]>;
  /** Names, codes and other texts of this world. */
  texts: string[];
  /** What the schema knows by name: permissions, kinds, states. */
  words: string[];
  /** Files of the member's that are not sent yet. */
  files: string[];
  /** How deep a document is nested that is nested too deep. */
  depth: number;
  /** A community in which none of the callers is. */
  foreignCommunityId: string;
}

const people = [
  'owner',
  'member',
  'blocked member',
  'moderator',
  'timed out',
  'former member',
  'banned',
  'outsider',
  'staff',
  'owner of the other community',
] as const;
type Name = (typeof people)[number];

/** Builds the world in this transaction, through the functions that it is about. */
export async function buildWorld(tx: Transaction, depth: number): Promise<World> {
  // The same people every time: picked by number, they would otherwise be others when a seed is replayed.
  const userIds = Object.fromEntries(
    people.map((name, i) => [name, `0d1ff000-0000-4000-8000-0000000000f${i.toString(16)}`]),
  ) as Record<Name, string>;
  await tx.query(
    `insert into auth.users (id, email) select id, id || '@example.com' from unnest($1::uuid[]) as id`,
    [Object.values(userIds)],
  );
  const ask = async (sql: string, ...parameters: unknown[]): Promise<string> =>
    (await tx.query<{ answer: string }>(`select ${sql} as answer`, parameters))[0]?.answer ?? '';
  const as = (name: Name) => become(tx, userIds[name]);

  await as('owner of the other community');
  const foreignCommunityId = await ask('(create_community($1)).id', 'Elsewhere');
  const foreignChannelId = await ask('(select id from list_channels($1))', foreignCommunityId);
  const foreignRoleId = await ask('(create_role($1, $2)).id', foreignCommunityId, 'helper');
  const foreignThreadId = await ask('(create_thread($1, $2)).id', foreignChannelId, 'aside');
  await ask('(send_message($1, $2)).seq', foreignChannelId, 'far from here');
  const revokedCode = await ask('(create_invite($1)).code', foreignCommunityId);
  await ask('revoke_invite($1)', revokedCode);

  await as('owner');
  const communityId = await ask('(create_community($1)).id', 'Fuzzed');
  const code = await ask('(create_invite($1)).code', communityId);
  const usedUpCode = await ask('(create_invite($1, 1)).code', communityId);
  for (const name of people) {
    if (['owner', 'outsider', 'staff', 'owner of the other community'].includes(name)) continue;
    await as(name);
    await ask('redeem_invite($1)', name === 'banned' ? usedUpCode : code);
    if (name === 'former member') await ask('leave_community($1)', communityId);
  }
  await as('owner');
  const keys = ['manage_messages', 'manage_roles', 'manage_channels', 'kick_members'];
  const moderatorRoleId = await ask(
    '(create_role($1, $2, $3)).id',
    communityId,
    'moderators',
    keys,
  );
  const defaultRoleId = await ask('(select id from list_roles($1) where is_default)', communityId);
  const helperRoleId = await ask('(create_role($1, $2)).id', communityId, 'helpers');
  await ask('grant_role($1, $2, $3)', communityId, userIds.moderator, moderatorRoleId);
  await ask('grant_role($1, $2, $3)', communityId, userIds.member, helperRoleId);
  await ask('ban_member($1, $2)', communityId, userIds.banned);
  await ask(`timeout_member($1, $2, now() + interval '1 hour')`, communityId, userIds['timed out']);
  const channelId = await ask('(select id from list_channels($1))', communityId);
  const otherChannelId = await ask('(create_channel($1, $2)).id', communityId, 'other');
  const voiceId = await ask('(create_channel($1, $2, $3)).id', communityId, 'voice', 'voice');
  const stageId = await ask('(create_channel($1, $2, $3)).id', communityId, 'stage', 'voice');
  const deviceId = '0d1ff000-0000-4000-8000-00000000de01';
  const sessions = [await ask('(join_voice($1, $2)).session_id', voiceId, deviceId)];
  for (const name of ['member', 'moderator'] as const) {
    await as(name);
    sessions.push(await ask('(join_voice($1, $2)).session_id', voiceId, deviceId));
  }
  await as('owner');
  const groupId = await ask('(create_channel_group($1, $2)).id', communityId, 'group');
  await ask('move_channel($1, $2, 0)', otherChannelId, groupId);
  for (const body of ['one https://example.com/', `two <@${userIds.member}>`, '@everyone']) {
    await ask('(send_message($1, $2)).seq', channelId, body);
  }
  await ask('add_reaction($1, 1, $2)', channelId, '👍');
  await ask('pin_message($1, 2)', channelId);

  await as('member');
  for (const body of ['four', 'five', 'six']) {
    await ask('(send_message($1, $2, $3)).seq', channelId, body, `nonce of ${body}`);
  }
  await ask('(edit_message($1, 5, $2)).seq', channelId, 'five and a half');
  await ask('delete_message($1, 6)', channelId);
  const threadId = await ask('(create_thread($1, $2, 1)).id', channelId, 'public');
  const privateThreadId = await ask(
    '(create_thread($1, $2, p_is_private => true)).id',
    channelId,
    'private',
  );
  await ask('(send_message($1, $2)).seq', threadId, 'in a thread');
  await ask('(send_message($1, $2)).seq', privateThreadId, 'in a private thread');
  const directId = await ask('(open_direct($1)).id', userIds.owner);
  const directGroupId = await ask('(open_group($1)).id', [
    userIds.owner,
    userIds['blocked member'],
  ]);
  await ask('(send_message($1, $2)).seq', directId, 'between us');
  await ask('(send_message($1, $2)).seq', directGroupId, 'among us');
  await ask('request_friend($1)', userIds.owner);
  await ask('block_user($1)', userIds['blocked member']);
  const reports: string[] = [];
  reports.push(await ask('(report_message($1, 2, $2)).id', channelId, 'spam'));
  reports.push(await ask('(report_user($1, $2)).id', userIds['blocked member'], 'harassment'));
  reports.push(await ask('(report_community($1, $2)).id', communityId, 'other'));
  await as('blocked member');
  await ask('request_friend($1)', userIds.member);
  await as('outsider');
  await ask('request_friend($1)', userIds.member);

  await become(tx, null);
  await ask('grant_staff_role($1, $2)', userIds.staff, 'admin');
  for (const name of ['owner', 'member', 'moderator'] as const) {
    await ask('link_external_identity($1, $2, $3)', userIds[name], 'mongo', `fuzz-${name}`);
  }
  const files = ['0d1ff000-0000-4000-8000-00000000f11e', '0d1ff000-0000-4000-8000-10000000f11e'];
  await tx.query(
    `insert into storage.objects (bucket_id, name, owner_id, version, metadata)
     select 'attachments', concat_ws('/', $1::text, $2::text, file), $2::text, '1', '{"size": 5, "mimetype": "image/png"}'
     from unnest($3::text[]) as file`,
    [channelId, userIds.member, files],
  );
  await as('staff');
  await ask('assign_report($1)', reports[0]);
  await ask('assign_report($1)', reports[1]);
  await ask('dismiss_report($1)', reports[1]);
  await become(tx, null);

  const known: Record<string, string[]> = {
    community: [communityId, communityId, communityId, communityId, foreignCommunityId],
    channel: [
      channelId,
      channelId,
      otherChannelId,
      voiceId,
      threadId,
      privateThreadId,
      directId,
      directGroupId,
      foreignChannelId,
    ],
    thread: [threadId, privateThreadId, foreignThreadId],
    group: [groupId],
    role: [moderatorRoleId, helperRoleId, defaultRoleId, foreignRoleId],
    user: Object.values(userIds),
    report: reports,
    device: [deviceId],
    session: sessions,
    destination: [stageId, stageId, voiceId, channelId],
  };
  const signedIn = people
    .filter((name) => name !== 'owner of the other community')
    .map((who): Caller => ({ who, role: 'authenticated', userId: userIds[who] }));
  return {
    callers: [
      { who: 'anonymous', role: 'anon', userId: null },
      ...signedIn,
      // A token outlives the account that it was given to.
      {
        who: 'account that ended',
        role: 'authenticated',
        userId: '0d1ff000-0000-4000-8000-0000000000ff',
      },
      { who: 'token without a user', role: 'authenticated', userId: null },
      { who: 'server', role: 'service_role', userId: null },
    ],
    ids: known,
    texts: [
      ...[code, usedUpCode, revokedCode, 'Fuzzed', 'Fuzzed', 'nonce of four', 'general', '👍'],
      ...['fuzz-owner', 'fuzz-member', 'fuzz-moderator', 'fuzz-member_fuzz-owner', 'mongo'],
      ...(
        await tx.query<{ username: string }>(
          'select username from public.profiles where id = any ($1)',
          [Object.values(userIds)],
        )
      ).map(({ username }) => username),
    ],
    words: [...knownWords, 'offer', 'answer', 'ice', 'renegotiate'],
    files,
    depth,
    foreignCommunityId,
  };
}
