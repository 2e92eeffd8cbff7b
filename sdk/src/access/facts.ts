/** A role, as `guildhall.communities.listRoles` gives it. */
export interface RoleFacts {
  readonly id: string;
  /** 0 is the default role, which every member holds. */
  readonly position: number;
  /** Keys; one that this version does not know is passed over. */
  readonly permissions: readonly string[];
}

export interface CommunityFacts {
  readonly ownerId: string;
  readonly roles: readonly RoleFacts[];
}

/** From a row of `guildhall.communities.listMembers`, and of the table `member_roles` where grants end by themselves. */
export interface MemberFacts {
  readonly userId: string;
  /** Granted roles, without the default role. A grant past its end does not count. */
  readonly grants: readonly { readonly roleId: string; readonly expiresAt: Date | null }[];
  readonly timedOutUntil: Date | null;
}

/** From a row of `guildhall.communities.listChannelOverwrites`. */
export interface OverwriteFacts {
  readonly subjectKind: 'role' | 'member';
  readonly subjectId: string;
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

export interface ChannelFacts {
  readonly kind: 'text' | 'voice';
  readonly overwrites: readonly OverwriteFacts[];
}

/** The roles that count for a member at this time: the default role and those granted. */
export function heldRoles(
  community: CommunityFacts,
  member: MemberFacts,
  now: Date,
): readonly RoleFacts[] {
  const granted = new Set(
    member.grants
      .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
      .map(({ roleId }) => roleId),
  );
  return community.roles.filter((role) => role.position === 0 || granted.has(role.id));
}

/** Owner, or holder of a role with `administrator`: whatever else is said has no part in it. */
export function mayEverything(community: CommunityFacts, member: MemberFacts, now: Date): boolean {
  return (
    community.ownerId === member.userId ||
    heldRoles(community, member, now).some((role) => role.permissions.includes('administrator'))
  );
}

export function isTimedOut(member: MemberFacts, now: Date): boolean {
  return member.timedOutUntil !== null && member.timedOutUntil > now;
}
