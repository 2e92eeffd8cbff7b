import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainPermission } from '../../../sdk/src/access/explain-permission.ts';
import type { ChannelFacts, CommunityFacts } from '../../../sdk/src/access/facts.ts';
import { resolveChannelPermissions } from '../../../sdk/src/access/resolve-permissions.ts';
import type { Permission } from '../../../sdk/src/generated/permissions.ts';
import type { Database } from '../../database/database.ts';
import { become, openDatabaseUnderTest } from './database-under-test.ts';

// The same table for the SDK's rule and for the database: whichever of them is wrong, a line tells.
const subjects = ['default_role', 'low_role', 'high_role', 'member'] as const;
type Says = 'nothing' | 'allow' | 'deny';
interface Line {
  base: boolean;
  says: Record<(typeof subjects)[number], Says>;
  may: boolean;
  decidedBy: string | null;
}
const permission: Permission = 'add_reactions';
const table: Line[] = readFileSync(new URL('./rule-table.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => /^(no|yes) /.test(line))
  .map((line) => {
    const [base, defaultRole, low, high, member, may, decidedBy] = line.split(/\s+/) as string[];
    return {
      base: base === 'yes',
      says: {
        default_role: defaultRole as Says,
        low_role: low as Says,
        high_role: high as Says,
        member: member as Says,
      },
      may: may === 'yes',
      decidedBy: decidedBy === 'none' ? null : (decidedBy as string),
    };
  });

test('the table has every combination once', () => {
  expect(new Set(table.map((line) => JSON.stringify([line.base, line.says]))).size).toBe(162);
  expect(table).toHaveLength(162);
});

describe('the rule of the SDK', () => {
  const member = {
    userId: 'member',
    grants: ['low_role', 'high_role'].map((roleId) => ({ roleId, expiresAt: null })),
    timedOutUntil: null,
  };
  const channelOf = ({ says }: Line): ChannelFacts => ({
    kind: 'text',
    overwrites: subjects
      .filter((subject) => says[subject] !== 'nothing')
      .map((subject) => ({
        subjectKind: subject === 'member' ? 'member' : 'role',
        subjectId: subject,
        allow: says[subject] === 'allow' ? [permission] : [],
        deny: says[subject] === 'deny' ? [permission] : [],
      })),
  });
  const communityOf = ({ base }: Line): CommunityFacts => ({
    ownerId: 'owner',
    roles: [
      {
        id: 'default_role',
        position: 0,
        permissions: base ? ['view_channel', permission] : ['view_channel'],
      },
      { id: 'low_role', position: 1, permissions: [] },
      { id: 'high_role', position: 2, permissions: [] },
    ],
  });

  test.each(table)('$base $says', (line) => {
    const [community, channel] = [communityOf(line), channelOf(line)];
    expect(resolveChannelPermissions(community, member, channel).includes(permission)).toBe(
      line.may,
    );
    const { isGranted, decidedBy } = explainPermission(community, member, channel, permission);
    expect({ isGranted, decidedBy }).toEqual({ isGranted: line.may, decidedBy: line.decidedBy });
  });
});

describe('the rule of the database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabaseUnderTest();
  });
  afterAll(() => database.close());

  test('decides every line as the table does, stored and explained', async () => {
    const found = await database
      .transaction(async (tx) => {
        const [ownerId, memberId] = [randomUUID(), randomUUID()];
        await tx.query(
          `insert into auth.users (id, email) select id, id || '@example.com' from unnest($1::uuid[]) as id`,
          [[ownerId, memberId]],
        );
        await tx.query('update private.rate_limit_catalog set capacity = 1000000000');
        const answers: unknown[] = [];
        for (const base of [false, true]) {
          const ask = async (sql: string, parameters: unknown[]) =>
            (await tx.query<{ answer: string }>(`select ${sql} as answer`, parameters))[0]?.answer;
          await become(tx, ownerId);
          const communityId = await ask('(create_community($1)).id', ['Table']);
          const low = await ask('(create_role($1, $2)).id', [communityId, 'low']);
          const high = await ask('(create_role($1, $2)).id', [communityId, 'high']);
          const [everyone] = await tx.query<{ id: string }>(
            'select id from list_roles($1) where is_default',
            [communityId],
          );
          await ask('set_role_permissions($1, $2)', [
            everyone?.id,
            base ? ['view_channel', permission] : ['view_channel'],
          ]);
          const code = await ask('(create_invite($1)).code', [communityId]);
          await become(tx, memberId);
          await ask('redeem_invite($1)', [code]);
          await become(tx, ownerId);
          await ask('set_member_roles($1, $2, $3)', [communityId, memberId, [low, high]]);

          const ids = {
            default_role: everyone?.id,
            low_role: low,
            high_role: high,
            member: memberId,
          };
          const lines = table.filter((line) => line.base === base);
          const channelIds: (string | undefined)[] = [];
          for (const { says } of lines) {
            const channelId = await ask('(create_channel($1, $2)).id', [communityId, 'a line']);
            channelIds.push(channelId);
            for (const subject of subjects) {
              if (says[subject] === 'nothing') continue;
              const kind = subject === 'member' ? 'member' : 'role';
              const said = says[subject] === 'allow' ? '$4::text[]' : `'{}', $4::text[]`;
              await ask(`set_channel_overwrite($1, $2, $3, ${said})`, [
                channelId,
                kind,
                ids[subject],
                [permission],
              ]);
            }
          }
          await become(tx, memberId);
          for (const [i, channelId] of channelIds.entries()) {
            const [answer] = await tx.query<{
              may: boolean;
              why: { is_granted: boolean; decided_by: string | null };
            }>(
              `select $3 = any (my_permissions($1, $2)) as may,
                 explain_permission($2, $4, $3) as why`,
              [communityId, channelId, permission, memberId],
            );
            answers.push({
              line: lines[i],
              may: answer?.may,
              isGranted: answer?.why.is_granted,
              decidedBy: answer?.why.decided_by,
            });
          }
        }
        throw Object.assign(new Error('undo'), { answers });
      })
      .catch((error: Error & { answers?: unknown[] }) => {
        if (error.answers === undefined) throw error;
        return error.answers;
      });

    expect(found).toEqual(
      table.map((line) => ({
        line,
        may: line.may,
        isGranted: line.may,
        decidedBy: line.decidedBy,
      })),
    );
  });
});
