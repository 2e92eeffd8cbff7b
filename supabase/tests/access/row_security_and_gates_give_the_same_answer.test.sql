begin;
select plan(16);
\ir ../shared.psql

-- One channel for each way in which view_channel and read_history can be overwritten for the default role and for bob,
-- and send_messages for the default role: nothing said, allowed or denied, 3 × 3 × 3 × 3 × 3 channels.
select pg_temp.sign_up('ann', 'bob', 'cleo', 'former', 'outsider');

insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0,
   private.permission_mask('view_channel', 'read_history', 'send_messages'));
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob', 'cleo', 'former']) as name;

create temp table cases as
select gen_random_uuid() as channel_id, view_default, view_bob, read_default, read_bob, send_default, null::text as topic
from unnest(array['nothing', 'allow', 'deny']) as view_default, unnest(array['nothing', 'allow', 'deny']) as view_bob,
  unnest(array['nothing', 'allow', 'deny']) as read_default, unnest(array['nothing', 'allow', 'deny']) as read_bob,
  unnest(array['nothing', 'allow', 'deny']) as send_default;
insert into public.channels (community_id, id, kind, name, position)
select 'c0000000-0000-4000-8000-000000000001', channel_id, 'text', 'one case', 0 from cases;

create function pg_temp.mask(p_wanted text, p_view text, p_read text, p_send text) returns bigint language sql as $$
  select case p_view when p_wanted then private.permission_mask('view_channel') else 0 end
    | case p_read when p_wanted then private.permission_mask('read_history') else 0 end
    | case p_send when p_wanted then private.permission_mask('send_messages') else 0 end
$$;
insert into public.channel_overwrites (community_id, channel_id, role_id, allow, deny)
select 'c0000000-0000-4000-8000-000000000001', channel_id, 'd0000000-0000-4000-8000-000000000000',
  pg_temp.mask('allow', view_default, read_default, send_default), pg_temp.mask('deny', view_default, read_default, send_default)
from cases;
insert into public.channel_overwrites (community_id, channel_id, user_id, allow, deny)
select 'c0000000-0000-4000-8000-000000000001', channel_id, md5('bob')::uuid,
  pg_temp.mask('allow', view_bob, read_bob, null), pg_temp.mask('deny', view_bob, read_bob, null)
from cases;
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.community_id = 'c0000000-0000-4000-8000-000000000001' group by m.community_id;
select private.resolve_access('c0000000-0000-4000-8000-000000000001');

-- Each channel holds one message.
update private.channel_heads set last_seq = 1, revision = 1 where channel_id in (select channel_id from cases);
insert into public.messages (channel_id, seq, author_id, body, revision) select channel_id, 1, md5('ann')::uuid, 'hello', 1 from cases;
insert into private.channel_events (channel_id, revision, kind, seq) select channel_id, 1, 'created', 1 from cases;

delete from public.community_members where user_id = md5('former')::uuid;
update cases set topic = private.channel_topic(channel_id);

create function pg_temp.refused_code(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  return 'none';
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return coalesce(nullif(v_detail, '')::jsonb ->> 'code', sqlstate);
end
$$;

-- Every way to ask, asked as that person.
create temp table answers (
  name text, channel_id uuid, row_of_channel boolean, rows_of_overwrites boolean, row_of_message boolean,
  listed boolean, may_hear boolean, history text, feed text, message_in_feed boolean
);
grant all on cases, answers to authenticated;
create function pg_temp.ask(p_name text) returns void language plpgsql as $$
declare
  v_listed uuid[] := '{}';
begin
  perform pg_temp.become(split_part(p_name, ' ', 1));
  begin
    v_listed := array(select id from list_channels('c0000000-0000-4000-8000-000000000001'));
  exception when sqlstate 'PT404' then null;
  end;
  insert into answers
  select p_name, c.channel_id,
    exists (select from public.channels r where r.id = c.channel_id),
    exists (select from public.channel_overwrites r where r.channel_id = c.channel_id),
    exists (select from public.messages r where r.channel_id = c.channel_id),
    c.channel_id = any (v_listed),
    private.may_receive_channel_topic(c.topic),
    pg_temp.refused_code(format('select * from list_messages(%L)', c.channel_id)),
    pg_temp.refused_code(format('select sync_channel(%L, 0)', c.channel_id)),
    null
  from cases c;
  update answers set message_in_feed = sync_channel(channel_id, 0) #>> '{changes,0,message,body}' is not null
  where name = p_name and feed = 'none';
end
$$;
do $$ begin
  perform pg_temp.ask('ann'), pg_temp.ask('bob'), pg_temp.ask('cleo'), pg_temp.ask('former'), pg_temp.ask('outsider');
end $$;
reset role;
update public.community_members set timed_out_until = now() + interval '1 hour' where community_id = 'c0000000-0000-4000-8000-000000000001';
do $$ begin
  perform pg_temp.ask('ann timed out'), pg_temp.ask('bob timed out'), pg_temp.ask('cleo timed out');
end $$;
reset role;

select is((select count(*) from answers), 8 * 243::bigint, 'everybody was asked about every channel');

-- The two walls.
select is_empty(
  'select * from answers where row_of_channel <> listed', 'the channels read from the table are those that list_channels gives'
);
select is_empty(
  $$ select * from answers where row_of_channel <> (feed = 'none') $$, 'and those that sync_channel lets in'
);
select is_empty(
  $$ select * from answers where row_of_channel <> (history <> 'not_found') $$, 'and those that list_messages knows of'
);
select is_empty(
  'select * from answers where row_of_message <> may_hear',
  'a topic may be heard where messages may be read: Realtime replays to whoever may hear'
);
select is_empty('select * from answers where row_of_channel <> rows_of_overwrites', 'and those whose overwrites may be read');
select is_empty(
  $$ select * from answers where row_of_message <> (history = 'none') $$, 'messages can be read from the table where list_messages gives them'
);
select is_empty(
  'select * from answers where row_of_message <> coalesce(message_in_feed, false)', 'and where the feed carries them'
);
select is_empty(
  $$ select * from answers where history not in ('none', 'not_found', 'missing_permission', 'timed_out') $$, 'list_messages has no other answers'
);
select is_empty($$ select * from answers where feed not in ('none', 'not_found') $$, 'nor has sync_channel');

-- And the answer is the right one.
create function pg_temp.says(p_before boolean, p_says text) returns boolean language sql as $$
  select case p_says when 'allow' then true when 'deny' then false else p_before end
$$;
select is_empty(
  $$ select * from answers where name like 'ann%' and not (row_of_channel and row_of_message) $$, 'the owner sees every channel and every message'
);
select is_empty(
  $$ select * from answers join cases using (channel_id)
     where name = 'cleo' and (row_of_channel, row_of_message)
       is distinct from (pg_temp.says(true, view_default), pg_temp.says(true, view_default) and pg_temp.says(true, read_default)) $$,
  'a member sees what the default role''s overwrites leave'
);
select is_empty(
  $$ select * from answers join cases using (channel_id)
     where name = 'bob' and (row_of_channel, row_of_message)
       is distinct from (
         pg_temp.says(pg_temp.says(true, view_default), view_bob),
         pg_temp.says(pg_temp.says(true, view_default), view_bob) and pg_temp.says(pg_temp.says(true, read_default), read_bob)
       ) $$,
  'a member with overwrites of his own sees what they leave'
);
select is_empty(
  $$ select * from answers where name in ('former', 'outsider') and (row_of_channel or row_of_message or history <> 'not_found') $$,
  'whoever is no member, or no longer one, sees nothing of any channel'
);
select results_eq(
  $$ select channel_id, row_of_channel, row_of_message, history = 'none', feed from answers where name = 'bob timed out' order by 1 $$,
  $$ select channel_id, row_of_channel, row_of_message, history = 'none', feed from answers where name = 'bob' order by 1 $$,
  'a timeout takes no view and no history away'
);
select results_eq(
  $$ select channel_id, row_of_channel, row_of_message, history = 'none', feed from answers where name = 'cleo timed out' order by 1 $$,
  $$ select channel_id, row_of_channel, row_of_message, history = 'none', feed from answers where name = 'cleo' order by 1 $$,
  'and gives none'
);

select * from finish();
rollback;
