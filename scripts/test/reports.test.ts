import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@supabase/supabase-js';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import WebSocket from 'ws';
import { projectRoot } from '../project-root.ts';
import { anonymous, call, type Person, signUp } from './people.ts';

// Who is concerned with a report, who made it, and who has nothing to do with it: none of them gets anything of it, by whatever
// function or table there is. What there is comes from the contract.
const contract = JSON.parse(
  readFileSync(join(projectRoot, 'supabase', 'contract.json'), 'utf8'),
) as {
  tables: Record<string, unknown>;
  functions: Record<
    string,
    { arguments: { name: string }[]; grants: Record<string, string[]>; volatility: string }
  >;
};
const tables = Object.keys(contract.tables)
  .filter((name) => name.startsWith('public.'))
  .map((name) => name.slice('public.'.length));
const functions = Object.entries(contract.functions)
  .filter(([signature]) => signature.startsWith('public.'))
  .map(([signature, { arguments: args, volatility, grants }]) => ({
    name: signature.slice('public.'.length, signature.indexOf('(')),
    args: args.map(({ name }) => name),
    volatility,
    isForUsers: 'authenticated' in grants,
  }));
/** What reads, and every step of a report. */
const calls = functions.filter(
  ({ volatility, args, isForUsers }) =>
    isForUsers && (volatility !== 'volatile' || args.includes('p_report_id')),
);

const service = createClient(inject('stack').apiUrl, inject('stack').secretKey, {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: WebSocket as never },
});

const details = `said to staff alone ${randomUUID()}`;
const note = `said among staff ${randomUUID()}`;

let owner: Person;
let moderator: Person;
let author: Person;
let reporter: Person;
let staff: Person;
let accusedStaff: Person;
let formerStaff: Person;
let outsider: Person;
let communityId: string;
let channelId: string;
let reportId: string;
/** A second one, about the member of the staff. */
let aboutStaffId: string;

const appoint = (person: Person, role: 'reviewer' | 'admin') =>
  call(service, 'grant_staff_role', { p_user_id: person.id, p_role: role });

beforeAll(async () => {
  [owner, moderator, author, reporter, staff, accusedStaff, formerStaff, outsider] =
    (await Promise.all(Array.from({ length: 8 }, () => signUp()))) as [
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
  await appoint(staff, 'admin');
  await appoint(accusedStaff, 'admin');
  await appoint(formerStaff, 'admin');
  communityId = (
    await call<{ id: string }>(owner.client, 'create_community', { p_name: 'Reported' })
  ).id;
  const channels = await call<{ id: string }[]>(owner.client, 'list_channels', {
    p_community_id: communityId,
  });
  channelId = channels[0]!.id;
  const { code } = await call<{ code: string }>(owner.client, 'create_invite', {
    p_community_id: communityId,
  });
  for (const person of [moderator, author, reporter, accusedStaff]) {
    await call(person.client, 'redeem_invite', { p_code: code });
  }
  const role = await call<{ id: string }>(owner.client, 'create_role', {
    p_community_id: communityId,
    p_name: 'moderators',
  });
  await call(owner.client, 'set_role_permissions', {
    p_role_id: role.id,
    p_permissions: ['view_channel', 'read_history', 'manage_messages', 'manage_reports'],
  });
  await call(owner.client, 'grant_role', {
    p_community_id: communityId,
    p_user_id: moderator.id,
    p_role_id: role.id,
  });

  const send = (person: Person, body: string) =>
    call<{ seq: number }>(person.client, 'send_message', { p_channel_id: channelId, p_body: body });
  const report = (seq: number, p_details: string) =>
    call<{ id: string }>(reporter.client, 'report_message', {
      p_channel_id: channelId,
      p_seq: seq,
      p_reason: 'harassment',
      p_details,
    });
  const said = await send(author, 'what was said');
  reportId = (await report(said.seq, details)).id;
  aboutStaffId = (await report((await send(accusedStaff, 'what staff said')).seq, details)).id;
  await call(staff.client, 'assign_report', { p_report_id: reportId });
  await call(staff.client, 'note_report', { p_report_id: reportId, p_note: note });
  await call(staff.client, 'assign_report', { p_report_id: aboutStaffId });
  await call(service, 'revoke_staff_role', { p_user_id: formerStaff.id });
}, 60_000);

test('staff read it, with what is kept of the message', async () => {
  const file = await call<{
    report: { reporter_id: string; state: string };
    evidence: { message: { body: string }; around: { body: string }[] };
    events: { kind: string; note: string | null }[];
  }>(staff.client, 'get_report', { p_report_id: reportId });
  expect(file.report).toMatchObject({ reporter_id: reporter.id, state: 'in_review' });
  expect(file.evidence.message.body).toBe('what was said');
  expect(file.events.map(({ kind }) => kind)).toEqual(['reported', 'assigned', 'noted']);
  expect(file.events[2]!.note).toBe(note);
});

const people: Record<string, { of: () => Person | null; ownReports?: true }> = {
  'nobody, with the publishable key': { of: () => null },
  'an outsider': { of: () => outsider },
  'who made it': { of: () => reporter, ownReports: true },
  'the accused': { of: () => author },
  'the owner of the community': { of: () => owner },
  'who may work on reports of the community': { of: () => moderator },
  'who was staff': { of: () => formerStaff },
};

describe.each(Object.keys(people))('%s', (who) => {
  const { of, ownReports } = people[who]!;
  const client = () => of()?.client ?? anonymous();
  /** Words of reports that nobody but staff may be told. */
  const secrets = () => [details, note, staff.id, ...(ownReports ? [] : [reportId, aboutStaffId])];

  test.each(calls.map(({ name }) => name))('gets nothing of it from %s', async (name) => {
    const { args, volatility } = calls.find((candidate) => candidate.name === name)!;
    const values: Record<string, unknown> = {
      p_community_id: communityId,
      p_channel_id: channelId,
      p_user_id: author.id,
      p_permission: 'send_messages',
      p_seq: 1,
      p_emoji: '👍',
      p_query: 'said',
      p_after_revision: 0,
      p_report_id: reportId,
      p_note: 'intruding',
      p_resolution: 'intruding',
      p_action: 'delete_message',
    };
    const { data, error } = await client().rpc(
      name,
      Object.fromEntries(args.filter((arg) => arg in values).map((arg) => [arg, values[arg]])),
    );
    for (const secret of secrets()) {
      expect(JSON.stringify([data, error]) ?? '').not.toContain(secret);
    }
    if (args.includes('p_report_id')) {
      expect(error?.code).toBe(of() === null ? '42501' : 'PT404');
      expect(data).toBeNull();
    } else if (name === 'list_reports' || name === 'list_staff') {
      expect(error?.code).toBe(of() === null ? '42501' : 'PT403');
    }
    // A step that was refused has not been done.
    if (volatility === 'volatile') {
      const file = await call<{ events: unknown[] }>(staff.client, 'get_report', {
        p_report_id: reportId,
      });
      expect(file.events).toHaveLength(3);
    }
  });

  test.each(tables)('reads nothing of it in %s', async (table) => {
    const { data } = await client().from(table).select();
    for (const secret of secrets()) expect(JSON.stringify(data) ?? '').not.toContain(secret);
  });

  test('makes nobody staff', async () => {
    const person = of();
    const { error } = await client().rpc('grant_staff_role', {
      p_user_id: person?.id ?? outsider.id,
      p_role: 'admin',
    });
    expect(error?.code).toBe('42501');
  });
});

test('who made it sees their reports and where they stand', async () => {
  const reports = await call<Record<string, unknown>[]>(reporter.client, 'my_reports');
  expect(new Set(reports.map(({ id }) => id))).toEqual(new Set([reportId, aboutStaffId]));
  expect(reports.map(({ state }) => state)).toEqual(['in_review', 'in_review']);
  expect(reports[0]).not.toHaveProperty('assignee_id');
});

test('staff who are accused find the others and not that one', async () => {
  const found: string[] = [];
  for (const p_state of ['open', 'in_review', 'resolved', 'dismissed']) {
    let page: { id: string }[] = [];
    do {
      page = await call<{ id: string }[]>(accusedStaff.client, 'list_reports', {
        p_state,
        p_after_id: page.at(-1)?.id ?? null,
        p_limit: 100,
      });
      found.push(...page.map(({ id }) => id));
    } while (page.length === 100);
  }
  expect(found).toContain(reportId);
  expect(found).not.toContain(aboutStaffId);
  for (const { name, args } of calls.filter((candidate) =>
    candidate.args.includes('p_report_id'),
  )) {
    const values: Record<string, unknown> = {
      p_report_id: aboutStaffId,
      p_note: 'x',
      p_resolution: 'x',
      p_action: 'delete_message',
    };
    const { data, error } = await accusedStaff.client.rpc(
      name,
      Object.fromEntries(args.filter((arg) => arg in values).map((arg) => [arg, values[arg]])),
    );
    expect({ name, data, code: error?.code }).toEqual({ name, data: null, code: 'PT404' });
  }
  const handed = await staff.client.rpc('assign_report', {
    p_report_id: aboutStaffId,
    p_user_id: accusedStaff.id,
  });
  expect(handed.error?.code).toBe('PT404');
});

test('the secret key appoints staff and reads no report', async () => {
  const { error } = await service.rpc('get_report', { p_report_id: reportId });
  expect(error?.code).toBe('42501');
});

test('what staff do is told to the channel, and the evidence stays', async () => {
  await call(staff.client, 'act_on_report', {
    p_report_id: reportId,
    p_action: 'delete_message',
    p_reason: 'Against the rules.',
  });
  const { data } = await author.client.rpc('get_message', { p_channel_id: channelId, p_seq: 1 });
  expect(data).toBeNull();
  const log = await call<{ actor_id: string; action: string; reason: string }[]>(
    owner.client,
    'list_audit_log',
    { p_community_id: communityId, p_limit: 1 },
  );
  expect(log[0]).toMatchObject({
    actor_id: staff.id,
    action: 'messages_deleted',
    reason: 'Against the rules.',
  });
  // The log tells what was done, and not that anybody had asked for it.
  for (const secret of [reportId, details, note, reporter.id]) {
    expect(JSON.stringify(log)).not.toContain(secret);
  }
  const file = await call<{ evidence: { message: { body: string } } }>(staff.client, 'get_report', {
    p_report_id: reportId,
  });
  expect(file.evidence.message.body).toBe('what was said');
});
