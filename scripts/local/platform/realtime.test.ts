import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Transaction } from '../../database/database.ts';
import { openPlatform, type PlatformUnderTest } from './testing/platform-under-test.ts';

let platform: PlatformUnderTest;
beforeAll(async () => {
  platform = await openPlatform('closed');
}, 60_000);
afterAll(() => platform?.close());

interface Message {
  id: string;
  topic: string;
  extension: string;
  event: string;
  private: boolean;
  payload: unknown;
  partition: string;
  today: string;
}

/** The messages a transaction can see, with the name of the partition each went to and of the one for today. */
const messages = (tx: Transaction) =>
  tx.query<Message>(`
    select id, topic, extension, event, private, payload, tableoid::regclass::text as partition,
      'realtime.messages_' || to_char(now() at time zone 'UTC', 'YYYY_MM_DD') as today
    from realtime.messages
  `);

const currentTopic = async (tx: Transaction) =>
  (await tx.query<{ topic: string | null }>('select realtime.topic() as topic'))[0]?.topic;

describe('realtime.send', () => {
  it('writes one private broadcast into the partition of today', async () => {
    const [message] = await platform.asMigration(async (tx) => {
      await tx.query(`select realtime.send('{"a": 1}', 'event', 'room:1')`);
      return messages(tx);
    });
    expect(message).toMatchObject({
      topic: 'room:1',
      extension: 'broadcast',
      event: 'event',
      private: true,
    });
    expect(message?.partition).toBe(message?.today);
  });

  it('adds the id of the row to the payload', async () => {
    const [message] = await platform.asMigration(async (tx) => {
      await tx.query(`select realtime.send('{"a": 1}', 'event', 'room:1')`);
      return messages(tx);
    });
    expect(message?.payload).toEqual({ a: 1, id: message?.id });
  });

  it('keeps an id that the payload brings', async () => {
    const [message] = await platform.asMigration(async (tx) => {
      await tx.query(`select realtime.send('{"id": "mine"}', 'event', 'room:1', false)`);
      return messages(tx);
    });
    expect(message?.payload).toEqual({ id: 'mine' });
    expect(message?.private).toBe(false);
  });

  it('stores a null payload as null', async () => {
    const [message] = await platform.asMigration(async (tx) => {
      await tx.query(`select realtime.send(null, 'event', 'room:1')`);
      return messages(tx);
    });
    expect(message?.payload).toBeNull();
  });

  it('sets the topic for the rest of the transaction', async () => {
    const topics = await platform.asMigration(async (tx) => {
      const before = await currentTopic(tx);
      await tx.query(`select realtime.send('{}', 'event', 'room:1')`);
      await tx.query('select 1');
      return [before, await currentTopic(tx)];
    });
    expect(topics).toEqual([null, 'room:1']);
    expect(await platform.asMigration(currentTopic)).toBeNull();
  });

  it.each([
    ['a payload that is an array', `select realtime.send('[1]', 'event', 'room:1')`],
    ['a payload that is a bare value', `select realtime.send('1', 'event', 'room:1')`],
    ['no topic', `select realtime.send('{}', 'event', null)`],
  ])('loses %s without failing the transaction', async (_, sql) => {
    const left = await platform.asMigration(async (tx) => {
      await tx.query(sql);
      return messages(tx);
    });
    expect(left).toEqual([]);
  });

  it('loses the message of a caller whom no policy lets insert', async () => {
    const left = await platform.asClient('authenticated', {}, async (tx) => {
      await tx.query(`select realtime.send('{}', 'event', 'room:1')`);
      await tx.query("select set_config('role', 'supabase_admin', true)");
      return messages(tx);
    });
    expect(left).toEqual([]);
  });

  it('takes the message of such a caller from a function of the migration role', async () => {
    const left = await platform.asMigration(async (tx) => {
      await tx.execute(`
        create function public.say() returns void language sql security definer set search_path = ''
        as $$ select realtime.send('{}', 'event', 'room:1') $$;
        grant execute on function public.say() to authenticated;
        set local role authenticated;
        select public.say();
        set local role none;
      `);
      return messages(tx);
    });
    expect(left).toHaveLength(1);
  });

  it('loses the message when there is no partition for now', async () => {
    const [before, after] = await platform.asSuperuser(async (tx) => {
      await tx.execute(`
          do $$ declare part regclass; begin
            for part in select inhrelid from pg_inherits where inhparent = 'realtime.messages'::regclass loop
              execute format('drop table %s', part);
            end loop;
          end $$;
          select realtime.send('{}', 'event', 'room:1');
        `);
      const lost = await messages(tx);
      await tx.execute(`
          select realtime.ensure_partitions();
          select realtime.send('{}', 'event', 'room:1');
        `);
      const kept = await messages(tx);
      return [lost.length, kept.length];
    });
    expect([before, after]).toEqual([0, 1]);
  });
});

describe('realtime.send_binary', () => {
  it('stores bytes and no payload', async () => {
    const [message] = await platform.asMigration(async (tx) => {
      await tx.query(`select realtime.send_binary('\\x0102', 'event', 'room:1')`);
      return tx.query(
        "select encode(binary_payload, 'hex') as bytes, payload, private from realtime.messages",
      );
    });
    expect(message).toEqual({ bytes: '0102', payload: null, private: true });
  });
});

describe('realtime.messages', () => {
  it('refuses a payload beside a binary payload', async () => {
    expect(
      await platform.outcomeOfMigration(
        `insert into realtime.messages (topic, extension, payload, binary_payload) values ('t', 'broadcast', '{}', '\\x00')`,
      ),
    ).toBe('23514');
  });

  it.each(['anon', 'authenticated'])('shows %s nothing without a policy', async (role) => {
    const rows = await platform.asSuperuser(async (tx) => {
      await tx.query(`select realtime.send('{}', 'event', 'room:1')`);
      await tx.query("select set_config('role', $1, true)", [role]);
      return messages(tx);
    });
    expect(rows).toEqual([]);
  });

  it('lets a policy decide by topic and extension', async () => {
    const seen = await platform.asMigration(async (tx) => {
      await tx.execute(`
        create policy joined on realtime.messages for select to authenticated
          using (realtime.topic() = 'room:1' and extension = 'broadcast');
        insert into realtime.messages (topic, extension) values ('room:1', 'broadcast'), ('room:1', 'presence');
        set local "realtime.topic" = 'room:1';
        set local role authenticated;
      `);
      return messages(tx);
    });
    expect(seen.map(({ extension }) => extension)).toEqual(['broadcast']);
  });
});

describe('realtime.broadcast_changes', () => {
  const table = `
    create table public.notes (id int primary key, body text);
    create function public.on_note() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      perform realtime.broadcast_changes('notes', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);
      return null;
    end $$;
    create trigger on_note after insert or update or delete on public.notes
      for each row execute function public.on_note();
  `;

  it('ships the operation, the table and both rows', async () => {
    const sent = await platform.asMigration(async (tx) => {
      await tx.execute(
        `${table} insert into public.notes values (1, 'a'); update public.notes set body = 'b' where id = 1;`,
      );
      return tx.query<Message>('select * from realtime.messages order by event');
    });
    expect(
      sent.map(({ event, payload, private: isPrivate }) => [event, isPrivate, payload]),
    ).toEqual([
      [
        'INSERT',
        true,
        {
          operation: 'INSERT',
          schema: 'public',
          table: 'notes',
          record: { id: 1, body: 'a' },
          old_record: null,
          id: sent[0]?.id,
        },
      ],
      [
        'UPDATE',
        true,
        {
          operation: 'UPDATE',
          schema: 'public',
          table: 'notes',
          record: { id: 1, body: 'b' },
          old_record: { id: 1, body: 'a' },
          id: sent[1]?.id,
        },
      ],
    ]);
  });

  it.each([
    ['level STATEMENT', "'INSERT', 'notes', 'public', null::record, null::record, 'STATEMENT'"],
    ['another operation', "'TRUNCATE', 'notes', 'public', null::record, null::record"],
  ])('aborts the write for %s', async (_, rest) => {
    expect(
      await platform.outcomeOfMigration(`select realtime.broadcast_changes('notes', 'e', ${rest})`),
    ).toBe('P0001');
  });
});

describe('the partitions', () => {
  it('reach from yesterday to three days ahead, and older ones than 72 hours go', async () => {
    const days = await platform.asSuperuser(async (tx) => {
      await tx.execute(`
          create table realtime.messages_2001_01_01 partition of realtime.messages
            for values from ('2001-01-01') to ('2001-01-02');
          do $$ declare today date := (now() at time zone 'UTC')::date; begin
            execute format('drop table realtime.%I', 'messages_' || to_char(today + 3, 'YYYY_MM_DD'));
            execute format(
              'create table realtime.%I partition of realtime.messages for values from (%L) to (%L)',
              'messages_' || to_char(today - 3, 'YYYY_MM_DD'), today - 3, today - 2
            );
          end $$;
          select realtime.ensure_partitions();
        `);
      const rows = await tx.query<{ offset_days: number }>(`
          select to_date(right(relname, 10), 'YYYY_MM_DD') - (now() at time zone 'UTC')::date as offset_days
          from pg_inherits join pg_class on pg_class.oid = inhrelid
          where inhparent = 'realtime.messages'::regclass order by 1
        `);
      return rows.map((row) => row.offset_days);
    });
    expect(days).toEqual([-3, -1, 0, 1, 2, 3]);
  });

  it('are no business of a client', async () => {
    await expect(
      platform.asClient('service_role', {}, (tx) =>
        tx.query('select realtime.ensure_partitions()'),
      ),
    ).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the relay', () => {
  afterEach(() => platform.database.execute('delete from realtime.messages where true'));

  it('hears of committed messages in the order of commits, and of no other', async () => {
    const heard: string[] = [];
    const unlisten = await platform.database.listen('realtime_messages', (payload) => {
      heard.push((JSON.parse(payload) as { id: string }).id);
    });
    const send = (topic: string) => `select realtime.send('{}', 'event', '${topic}')`;
    await platform.database.execute(send('first'));
    await platform.database
      .transaction(async (tx) => {
        await tx.execute(send('rolled back'));
        throw new Error('no');
      })
      .catch(() => {});
    await platform.database.execute(send('second'));
    await platform.database.execute(send('third'));
    const sent = await platform.database.query<Message>(
      "select id from realtime.messages order by array_position(array['first', 'second', 'third'], topic)",
    );
    await expect.poll(() => heard.length).toBe(3);
    await unlisten();
    expect(heard).toEqual(sent.map(({ id }) => id));
  });
});
