import { expect, test } from 'vitest';
import { newCommunity, newPerson } from '../testing/stack-people.ts';
import type { ChannelFacts, CommunityFacts, MemberFacts } from './facts.ts';
import { resolveChannelPermissions, resolveCommunityPermissions } from './resolve-permissions.ts';

test('what the lists say, put into the resolver, is what the database answers', async () => {
  const [owner, member] = await Promise.all([newPerson(), newPerson()]);
  const { community, channel } = await newCommunity(owner, [member]);
  const { communities } = owner.guildhall;
  const communityId = community.id;
  const channelId = channel.id;
  const role = await communities.createRole({
    communityId,
    name: 'pinners',
    permissions: ['pin_messages', 'manage_invites'],
  });
  await communities.grantRole({ communityId, userId: member.id, roleId: role.id });
  await communities.setChannelOverwrite({
    channelId,
    subjectKind: 'role',
    subjectId: role.id,
    allow: ['mention_everyone'],
    deny: ['add_reactions'],
  });
  await communities.setChannelOverwrite({
    channelId,
    subjectKind: 'member',
    subjectId: member.id,
    deny: ['send_messages'],
  });

  const roles: CommunityFacts['roles'] = await communities.listRoles({ communityId });
  const overwrites = await communities.listChannelOverwrites({ channelId });
  const [listed] = await communities.listMembers({ communityId, roleId: role.id });
  const facts: CommunityFacts = { ownerId: community.owner_id, roles };
  const memberFacts: MemberFacts = {
    userId: member.id,
    grants: (listed?.role_ids ?? []).map((roleId) => ({ roleId, expiresAt: null })),
    timedOutUntil: null,
  };
  const channelFacts: ChannelFacts = {
    kind: 'text',
    overwrites: overwrites.map(({ subject_kind, subject_id, allow, deny }) => ({
      subjectKind: subject_kind,
      subjectId: subject_id,
      allow,
      deny,
    })),
  };

  expect(listed?.user_id).toBe(member.id);
  const inChannel = await member.guildhall.access.myPermissions({ communityId, channelId });
  expect(resolveChannelPermissions(facts, memberFacts, channelFacts)).toEqual(inChannel);
  // Whoever may not send mentions nobody, whatever a role allows.
  expect(inChannel).toContain('pin_messages');
  expect(inChannel).not.toContain('mention_everyone');
  expect(resolveCommunityPermissions(facts, memberFacts)).toEqual(
    await member.guildhall.access.myPermissions({ communityId }),
  );
});

test('a channel leaves its group by null, for who may move it only', async () => {
  const [owner, member] = await Promise.all([newPerson(), newPerson()]);
  const { community, channel } = await newCommunity(owner, [member]);
  const groupOf = async () =>
    (await owner.guildhall.communities.listChannels({ communityId: community.id }))[0]?.group_id;
  const move = { channelId: channel.id, groupId: null, position: 0 };

  await expect(member.guildhall.communities.moveChannel(move)).rejects.toMatchObject({
    code: 'missing_permission',
  });
  expect(await groupOf()).not.toBeNull();
  await owner.guildhall.communities.moveChannel(move);
  expect(await groupOf()).toBeNull();
});
