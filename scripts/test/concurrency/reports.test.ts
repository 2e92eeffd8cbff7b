import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, openRealConnections, type RealConnections } from './real-connections.ts';

let db: RealConnections;

beforeAll(() => {
  db = openRealConnections();
});
afterAll(() => db.close());

const appoint = (userId: string, role: 'reviewer' | 'admin' = 'reviewer') =>
  db.sql`select private.grant_staff_role(${userId}, ${role})`;

async function createStaff(count: number, role: 'reviewer' | 'admin' = 'reviewer') {
  const ids = await Promise.all(Array.from({ length: count }, () => db.createUser()));
  for (const id of ids) await appoint(id, role);
  return ids;
}

/** A community with one member, who has sent so many messages to its only channel; its owner reports them all. */
async function createReports(messages: number) {
  const [ownerId, memberId] = [await db.createUser(), await db.createUser()];
  const [community] = await db.as<{ id: string }>(
    ownerId,
    `select * from create_community('Reports')`,
  );
  await db.sql`select private.add_member(${community!.id}, ${memberId})`;
  const [channel] = await db.as<{ id: string }>(ownerId, 'select * from list_channels($1)', [
    community!.id,
  ]);
  for (let n = 0; n < messages; n += 1) {
    await db.as(memberId, 'select send_message($1, $2)', [channel!.id, `message ${n}`]);
  }
  const reports = await db.as<{ id: string }>(
    ownerId,
    `select r.* from generate_series(1, $2::bigint) as seq, report_message($1, seq, 'spam') r`,
    [channel!.id, messages],
  );
  return {
    ownerId,
    memberId,
    communityId: community!.id,
    channelId: channel!.id,
    reportIds: reports.map(({ id }) => id),
  };
}

const takeOn = (userId: string, reportId: string) =>
  db.as(userId, 'select assign_report($1)', [reportId]).then(() => 'taken on', codeOf);

test('of many who take a report on at once, one has it', async () => {
  const { reportIds } = await createReports(5);
  const staffIds = await createStaff(8);
  for (const reportId of reportIds) {
    const outcomes = await Promise.all(staffIds.map((id) => takeOn(id, reportId)));
    expect(outcomes.filter((outcome) => outcome === 'taken on')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'conflict')).toHaveLength(7);
    const [row] = await db.sql`
      select r.assignee_id, (
        select count(*)::int from private.report_events e where e.report_id = r.id and e.kind = 'assigned'
      ) as assignments
      from private.reports r where r.id = ${reportId}`;
    expect(row).toEqual({ assignee_id: staffIds[outcomes.indexOf('taken on')], assignments: 1 });
  }
});

test('what one person reports many times at once is one report', async () => {
  const { channelId, memberId } = await createReports(1);
  const answers = await Promise.all(
    Array.from({ length: 16 }, () =>
      db.as<{ id: string }>(memberId, `select * from report_message($1, 1, 'hate')`, [channelId]),
    ),
  );
  expect(new Set(answers.map(([report]) => report!.id)).size).toBe(1);
  const kept = await db.sql`select from private.reports where reporter_id = ${memberId}`;
  expect(kept).toHaveLength(1);
});

test('a stranger does not wait for a report, and who is staff no longer after the wait does nothing', async () => {
  const { ownerId, reportIds } = await createReports(1);
  const [reportId] = reportIds as [string];
  const [staffId] = (await createStaff(1)) as [string];
  let attempt: Promise<unknown> = Promise.resolve();
  await db.sql.begin(async (tx) => {
    // As if somebody else's step took long.
    await tx`select from private.reports where id = ${reportId} for update`;
    const note = (userId: string) =>
      db.as(userId, `select note_report($1, 'x')`, [reportId]).then(() => 'noted', codeOf);
    expect(await note(ownerId)).toBe('not_found');
    // Nor for who is to have it.
    await tx`select from private.platform_staff where user_id = ${staffId} for update`;
    const hand = db.as(ownerId, 'select assign_report($1, $2)', [reportId, staffId]);
    expect(await hand.catch(codeOf)).toBe('not_found');
    attempt = note(staffId);
    await expect
      .poll(
        async () =>
          (
            await db.sql`select from pg_stat_activity where wait_event_type = 'Lock' and query like '%note_report%'`
          ).length,
        { interval: 10 },
      )
      .toBe(1);
    await tx`select private.revoke_staff_role(${staffId})`;
  });
  expect(await attempt).toBe('not_found');
});

test('nobody has a report in hand who is staff no longer, however many steps meet', async () => {
  const { reportIds } = await createReports(6);
  const [adminId] = (await createStaff(1, 'admin')) as [string];
  const refused = new Set<string>();
  const attempt = (userId: string, call: string, ...values: unknown[]) =>
    db.as(userId, `select ${call}`, values).catch((error) => {
      refused.add(codeOf(error));
    });
  const ways = {
    assign_report: async (id: string, reportId: string) => {
      await attempt(id, 'assign_report($1)', reportId);
      await attempt(adminId, 'assign_report($1, $2)', reportId, id);
    },
    reopen_report: async (id: string, reportId: string) => {
      await attempt(adminId, 'assign_report($1)', reportId);
      await attempt(adminId, 'dismiss_report($1)', reportId);
      await attempt(id, 'reopen_report($1)', reportId);
    },
  };
  for (const way of Object.values(ways)) {
    const comers = await createStaff(4, 'admin');
    await Promise.all([
      ...comers.map(async (id) => {
        for (let round = 0; round < 24; round += 1) {
          await db.sql`select private.revoke_staff_role(${id})`;
          await appoint(id, 'admin');
        }
        await db.sql`select private.revoke_staff_role(${id})`;
      }),
      ...comers.map(async (id) => {
        for (let round = 0; round < 12; round += 1) {
          await way(id, reportIds[round % reportIds.length] as string);
        }
      }),
    ]);
    const held = await db.sql`
      select from private.reports
      where id = any (${reportIds}::uuid[]) and assignee_id = any (${comers}::uuid[])`;
    expect(held).toHaveLength(0);
  }
  expect([...refused].filter((code) => !['not_found', 'conflict'].includes(code))).toEqual([]);
});

test('staff act while authors delete, accounts end and communities go: no deadlock, and only what is documented', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { ownerId, memberId, communityId, channelId, reportIds } = await createReports(8);
    const [staffId] = (await createStaff(1)) as [string];
    for (const reportId of reportIds) expect(await takeOn(staffId, reportId)).toBe('taken on');
    const act = (reportId: string, action: string) =>
      db.as(staffId, 'select act_on_report($1, $2)', [reportId, action]).then(() => action, codeOf);
    const outcomes = await Promise.all([
      ...reportIds.map((id, n) =>
        act(id, ['delete_message', 'kick_member', 'ban_member'][n % 3] as string),
      ),
      ...[2, 5, 8].map((seq) =>
        db
          .as(memberId, 'select delete_message($1, $2)', [channelId, seq])
          .then(() => 'deleted', codeOf),
      ),
      ...(round % 2 === 0
        ? [db.sql`delete from auth.users where id = ${memberId}`.then(() => 'ended')]
        : []),
      ...(round % 3 === 0
        ? [
            db
              .as(ownerId, `select delete_community($1, 'Reports')`, [communityId])
              .then(() => 'closed', codeOf),
          ]
        : []),
    ]);
    const known = ['delete_message', 'kick_member', 'ban_member', 'deleted', 'ended', 'closed'];
    const codes = ['conflict', 'not_found'];
    expect(outcomes.filter((outcome) => ![...known, ...codes].includes(outcome))).toEqual([]);
    const [{ acted }] = (await db.sql`
      select count(*)::int as acted from private.report_events
      where report_id = any (${reportIds}::uuid[]) and kind = 'acted'`) as unknown as [
      { acted: number },
    ];
    expect(acted).toBe(outcomes.slice(0, 8).filter((outcome) => known.includes(outcome)).length);
  }
});
