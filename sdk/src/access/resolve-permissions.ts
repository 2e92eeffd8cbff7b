import { type Permission, permissionScopes } from '../generated/permissions.ts';
import {
  type ChannelFacts,
  type CommunityFacts,
  heldRoles,
  isTimedOut,
  type MemberFacts,
  mayEverything,
  type OverwriteFacts,
} from './facts.ts';

const everything = Object.keys(permissionScopes) as Permission[];
const leftByTimeout: readonly Permission[] = ['view_channel', 'read_history'];
const needSending: readonly Permission[] = ['mention_everyone', 'attach_files', 'embed_links'];

/**
 * What a member may do in a community as a whole, by the documented rule: the database's answer is `myPermissions`,
 * and the two are compared on random communities. Made for screens that show what a change would mean.
 *
 * @returns keys in the order of the catalog
 */
export function resolveCommunityPermissions(
  community: CommunityFacts,
  member: MemberFacts,
  now = new Date(),
): Permission[] {
  if (mayEverything(community, member, now)) return everything;
  const held = new Set(heldRoles(community, member, now).flatMap((role) => role.permissions));
  return inOrder(isTimedOut(member, now) ? only(held, leftByTimeout) : held);
}

/**
 * What a member may do in a channel, likewise. Permissions that are asked in the community as a whole are none in a
 * channel, whoever holds them.
 */
export function resolveChannelPermissions(
  community: CommunityFacts,
  member: MemberFacts,
  channel: ChannelFacts,
  now = new Date(),
): Permission[] {
  if (mayEverything(community, member, now)) return inChannels(new Set(everything));
  const held = afterOverwrites(community, member, channel, now);
  if (!held.has('view_channel')) return [];
  if (channel.kind === 'voice' && !held.has('connect')) return ['view_channel'];
  if (!held.has('send_messages')) for (const key of needSending) held.delete(key);
  return inChannels(isTimedOut(member, now) ? only(held, leftByTimeout) : held);
}

/** The base and then every tier's overwrites: on each tier the denies go first, so an allow beats a deny. */
export function afterOverwrites(
  community: CommunityFacts,
  member: MemberFacts,
  channel: ChannelFacts,
  now: Date,
): Set<string> {
  const roles = heldRoles(community, member, now);
  const held = new Set<string>(roles.flatMap((role) => role.permissions));
  const ofRoles = (isDefault: boolean) => {
    const ids = roles.filter((role) => (role.position === 0) === isDefault).map((role) => role.id);
    return channel.overwrites.filter(
      (overwrite) => overwrite.subjectKind === 'role' && ids.includes(overwrite.subjectId),
    );
  };
  const own = channel.overwrites.filter(
    ({ subjectKind, subjectId }) => subjectKind === 'member' && subjectId === member.userId,
  );
  for (const tier of [ofRoles(true), ofRoles(false), own]) applyTier(held, tier);
  return held;
}

function applyTier(held: Set<string>, overwrites: readonly OverwriteFacts[]): void {
  for (const key of overwrites.flatMap(({ deny }) => deny)) held.delete(key);
  for (const key of overwrites.flatMap(({ allow }) => allow)) held.add(key);
}

const inOrder = (held: ReadonlySet<string>) => everything.filter((key) => held.has(key));

const inChannels = (held: ReadonlySet<string>) =>
  inOrder(held).filter((key) => permissionScopes[key] !== 'community');

const only = (held: ReadonlySet<string>, kept: readonly Permission[]) =>
  new Set(kept.filter((key) => held.has(key)));
