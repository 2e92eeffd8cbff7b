import type { Permission } from '../generated/permissions.ts';
import {
  type ChannelFacts,
  type CommunityFacts,
  heldRoles,
  isTimedOut,
  type MemberFacts,
  mayEverything,
} from './facts.ts';
import { afterOverwrites } from './resolve-permissions.ts';

export type PermissionTier =
  | 'default_role'
  | 'role'
  | 'default_role_overwrite'
  | 'role_overwrite'
  | 'member_overwrite'
  | 'without_view_channel'
  | 'without_connect'
  | 'without_send_messages'
  | 'administrator'
  | 'owner'
  | 'timeout';

export interface PermissionExplanation {
  readonly isGranted: boolean;
  /** The last tier that speaks; null where none does, and then the permission is not granted. */
  readonly decidedBy: PermissionTier | null;
  readonly tiers: readonly SpokenTier[];
}

interface SpokenTier {
  readonly tier: PermissionTier;
  /** The role or the user that speaks; null where it is the rule itself. */
  readonly subjectId: string | null;
  readonly effect: 'allow' | 'deny';
}

/** Why a member holds a permission in a channel or not, tier by tier: as `guildhall.access.explainPermission` says it. */
export function explainPermission(
  community: CommunityFacts,
  member: MemberFacts,
  channel: ChannelFacts,
  permission: Permission,
  now = new Date(),
): PermissionExplanation {
  const roles = heldRoles(community, member, now);
  const isDefault = (id: string) => roles.some((role) => role.id === id && role.position === 0);
  const says = <Subject extends string | null>(
    effect: 'allow' | 'deny',
    tier: PermissionTier,
    subjectId: Subject,
  ) => ({
    tier,
    subjectId,
    effect,
  });

  const given = roles
    .filter((role) => role.permissions.includes(permission))
    .map((role) => says('allow', role.position === 0 ? 'default_role' : 'role', role.id));

  const overwritten = channel.overwrites
    .filter(({ subjectKind, subjectId }) =>
      subjectKind === 'role'
        ? roles.some((role) => role.id === subjectId)
        : subjectId === member.userId,
    )
    .filter(({ allow, deny }) => allow.includes(permission) || deny.includes(permission))
    .map(({ subjectKind, subjectId, allow }) => {
      const ofRole = isDefault(subjectId) ? 'default_role_overwrite' : 'role_overwrite';
      const tier = subjectKind === 'member' ? 'member_overwrite' : ofRole;
      return says(allow.includes(permission) ? 'allow' : 'deny', tier, subjectId);
    });

  const isAboveAll = mayEverything(community, member, now);
  const held = afterOverwrites(community, member, channel, now);
  const implied = [
    permission !== 'view_channel' && !held.has('view_channel') ? 'without_view_channel' : null,
    channel.kind === 'voice' &&
    !['view_channel', 'connect'].includes(permission) &&
    !held.has('connect')
      ? 'without_connect'
      : null,
    ['mention_everyone', 'attach_files', 'embed_links'].includes(permission) &&
    !held.has('send_messages')
      ? 'without_send_messages'
      : null,
  ] as const;

  const administrators = roles
    .filter((role) => role.permissions.includes('administrator'))
    .map((role) => says('allow', 'administrator', role.id));
  const isStopped =
    isTimedOut(member, now) &&
    !isAboveAll &&
    !['view_channel', 'read_history'].includes(permission);

  const order = (tier: PermissionTier, effect: string) =>
    [
      'default_role',
      'role',
      'default_role_overwrite',
      'role_overwrite deny',
      'role_overwrite allow',
      'member_overwrite',
    ].indexOf(tier === 'role_overwrite' ? `${tier} ${effect}` : tier);
  const tiers: SpokenTier[] = [
    ...[...given, ...overwritten].sort(
      (a, b) =>
        order(a.tier, a.effect) - order(b.tier, b.effect) ||
        // Ids in the order of their bytes, as the database sorts them.
        (a.subjectId < b.subjectId ? -1 : 1),
    ),
    ...implied
      .filter((tier) => tier !== null && !isAboveAll)
      .map((tier) => says('deny', tier as PermissionTier, null)),
    ...administrators,
    ...(community.ownerId === member.userId ? [says('allow', 'owner', member.userId)] : []),
    ...(isStopped ? [says('deny', 'timeout', null)] : []),
  ];
  const last = tiers.at(-1);
  return { isGranted: last?.effect === 'allow', decidedBy: last?.tier ?? null, tiers };
}
