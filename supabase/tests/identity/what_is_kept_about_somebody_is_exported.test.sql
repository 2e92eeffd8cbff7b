begin;
select plan(46);
\ir ../shared.psql

-- Every column that may say whose something is: the ids that lead to nothing else than users, and what leads to users by memberships.
-- Those that name something else have no line and stand here.
select set_eq(
  $$ select n.nspname || '.' || c.relname || '.' || a.attname
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid in ('uuid'::regtype, 'uuid[]'::regtype)
     where n.nspname in ('public', 'private') and c.relkind in ('r', 'p')
       and not exists (
         select from pg_constraint k cross join lateral unnest(k.conkey, k.confkey) as f (here, there)
         join pg_attribute o on o.attrelid = k.confrelid and o.attnum = f.there
         where k.contype = 'f' and k.conrelid = c.oid and f.here = a.attnum
           and k.confrelid not in ('public.profiles'::regclass, 'auth.users'::regclass) and o.attname <> 'user_id'
       )
       and not exists (select from private.personal_data p where p.relation = n.nspname || '.' || c.relname and p.user_column = a.attname) $$,
  $$ values
    ('private.access_classes.id'), ('private.access_classes.role_ids'), ('private.attachments.channel_id'), ('private.audit_heads.community_id'),
    ('private.call_failures.request_id'), ('private.recorded_batches.id'),
    ('private.channel_heads.channel_id'), ('private.channel_heads.community_id'), ('private.channel_heads.parent_id'), ('private.data_exports.id'),
    ('private.direct_channels.id'), ('private.reports.id'), ('private.reports.community_id'), ('private.threads.id'), ('public.audit_log.community_id'),
    ('public.channel_group_overwrites.subject_id'), ('public.channel_groups.id'), ('public.channel_overwrites.subject_id'), ('public.channels.id'),
    ('public.communities.id'), ('public.invites.role_ids'), ('public.roles.id'),
    ('private.voice_sessions.id'), ('private.voice_sessions.device_id'), ('private.voice_sessions.community_id'), ('private.voice_sessions.former_ids'), ('private.voice_sessions.former_channel_ids'),
    ('private.voice_sfu_changes.session_id'), ('private.voice_sfu_changes.room'), ('private.voice_sfu_rooms.room') $$,
  'every column that says whose something is has a line in personal_data: exported, or why not'
);
-- And those that are text: who calls, and whom a log names.
select set_eq(
  $$ select n.nspname || '.' || c.relname || '.' || a.attname
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'varchar'::regtype)
     where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and (a.attname ~ '(^|_)(ids?|subject|path)$') $$,
  $$ values ('private.attachments.path'), ('private.export_files.path'), ('private.external_identities.external_id'), ('private.former_external_identities.external_id'), ('private.rate_limits.subject'), ('public.audit_log.request_id'), ('public.audit_log.target_id') $$,
  'in text there are ids in these columns alone: paths, beside a user''s own, what is forgotten within a day, and the community''s log'
);
select is_empty(
  $$ select p.relation, p.user_column from private.personal_data p
     where to_regclass(p.relation) is null
       or not exists (select from pg_attribute a where a.attrelid = to_regclass(p.relation) and a.attname = p.user_column and not a.attisdropped) $$,
  'and each line is of a column that there is'
);
-- A page ends where the next begins.
select is_empty(
  $$ select p.section from private.personal_data p
     where p.section is not null and not exists (
       select from pg_index i where i.indrelid = p.relation::regclass and i.indisunique
         and (select array_agg(a.attname::text) from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey::int2[])) <@ (p.key || p.user_column)
     ) $$,
  'each section''s key tells all of one person''s rows apart'
);

-- Whoever has something of everything.
select pg_temp.sign_up('ann', 'bob', 'cleo', 'dan', 'staff');
select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select create_role(pg_temp.community(), 'helper');
select pg_temp.become('bob');
select create_community('Zig');
select redeem_invite(current_setting('test.code'));
select create_invite(pg_temp.community('Rust'));
select pg_temp.become('cleo');
select redeem_invite(current_setting('test.code'));
reset role;
create function pg_temp.rust() returns uuid language sql security definer as $$ select pg_temp.community('Rust') $$;
create function pg_temp.place() returns uuid language sql security definer as $$ select id from public.channels where community_id = pg_temp.rust() and name = 'general' $$;
select pg_temp.become('ann');
select grant_role(pg_temp.rust(), md5('bob')::uuid, pg_temp.role('helper', 'Rust'));
select set_channel_overwrite(pg_temp.place(), 'member', md5('bob')::uuid, array['pin_messages']);
select send_message(pg_temp.place(), 'the word of ann'); -- 1
select create_channel(pg_temp.rust(), 'lounge', 'voice');
select mute_member((select id from channels where name = 'lounge'), md5('bob')::uuid, true);
select pg_temp.become('bob');
select join_voice((select id from channels where name = 'lounge'));
select send_message(pg_temp.place(), 'one of bob''s'); -- 2
select edit_message(pg_temp.place(), 2, 'two of bob''s');
select send_message(pg_temp.place(), 'three of bob''s'); -- 3
select send_message(pg_temp.place(), 'gone', 'gone'); -- 4
select delete_message(pg_temp.place(), 4);
select add_reaction(pg_temp.place(), 1, '👍');
select create_thread(pg_temp.place(), 'aside', p_is_private => true);
select request_friend(md5('cleo')::uuid);
select request_friend(md5('dan')::uuid);
select block_user(md5('dan')::uuid);
select update_my_preferences('friends');
select report_message(pg_temp.place(), 1, 'spam', 'look at this');
select pg_temp.become('cleo');
select accept_friend_request(md5('bob')::uuid);
select set_config('test.pair', (open_direct(md5('bob')::uuid)).id::text, true);
select send_message(current_setting('test.pair')::uuid, 'the word of cleo');
select pg_temp.become('bob');
select send_message(current_setting('test.pair')::uuid, 'four of bob''s');
reset role;
select grant_staff_role(md5('bob')::uuid, 'reviewer');
select link_external_identity(md5('bob')::uuid, 'mongo', 'exported-bob');

-- Asking.
set local role anon;
select throws_ok('select export_my_data()', '42501', null, 'nobody signed in, nothing to export');
reset role;
select pg_temp.become('bob');
select is((my_data_export()).id, null, 'who has asked for none has none');
select is((export_my_data()).state, 'waiting', 'an export waits');
select is((export_my_data()).id, (my_data_export()).id, 'asked for twice it is one');
select is((my_data_export()).path, null, 'and nowhere yet');
select throws_ok('select claim_data_export()', '42501', null, 'nobody makes their own');
select throws_ok($$ select export_page(gen_random_uuid(), 'messages') $$, '42501', null, 'nor reads pages');
select throws_ok($$ select finish_data_export(gen_random_uuid(), 1) $$, '42501', null, 'nor says that it is made');
select throws_ok('select claim_export_removals()', '42501', null, 'nor removes any');
select pg_temp.become('cleo');
select is((my_data_export()).id, null, 'and others have none');

-- Making.
set local role service_role;
select set_config('test.claim', claim_data_export()::text, true);
reset role;
-- Other exports may wait in a database that is not empty.
update private.data_exports set state = 'working', tries = 1, claimed_at = now() where user_id = md5('bob')::uuid;
select set_config('test.export', (select id::text from private.data_exports where user_id = md5('bob')::uuid), true);
select isnt(nullif(current_setting('test.claim'), ''), null, 'it is given out');
select bag_eq(
  $$ select jsonb_array_elements_text(current_setting('test.claim')::jsonb -> 'sections') $$,
  $$ select section from private.personal_data where section is not null $$, 'with the sections to read'
);
create function pg_temp.whole(p_limit integer default 1000) returns jsonb language plpgsql as $$
declare
  v_file jsonb := '{}';
  v_section text;
  v_page jsonb;
  v_rows jsonb;
begin
  for v_section in select section from private.personal_data where section is not null loop
    v_page := null;
    v_rows := '[]';
    loop
      v_page := public.export_page(current_setting('test.export')::uuid, v_section, nullif(v_page -> 'next', 'null'), p_limit);
      v_rows := v_rows || (v_page -> 'rows');
      exit when v_page -> 'next' = 'null';
    end loop;
    v_file := v_file || jsonb_build_object(v_section, v_rows);
  end loop;
  return v_file;
end
$$;
set local role service_role;
select is(pg_temp.refused_field(format('select export_page(%L, ''secrets'')', current_setting('test.export'))), 'PT404 not_found p_section', 'there are no other sections');
select is(pg_temp.refused_field($$ select export_page(gen_random_uuid(), 'messages') $$), 'PT404 not_found p_export_id', 'nor exports that nobody has asked for');
select is(pg_temp.refused_field(format('select export_page(%L, ''messages'', null, 5001)', current_setting('test.export'))), 'PT422 invalid_argument p_limit', 'and a page has its bound');
reset role;
create temp table file as select pg_temp.whole() as data;
select is((select pg_temp.whole(1)) - 'account', (select data - 'account' from file), 'in pages of one row it is the same file');
select is_empty(
  $$ select s.key from file, jsonb_each(data) s where s.value = '[]'
     and s.key not in ('bans', 'messages_hidden', 'timeouts_kept', 'channel_group_overwrites', 'friend_requests_received') $$,
  'there is something of everything that bob has'
);
select set_eq(
  $$ select m ->> 'body' from file, jsonb_array_elements(data -> 'messages') m where m ->> 'kind' = 'text' $$,
  $$ values ('two of bob''s'), ('three of bob''s'), ('four of bob''s') $$, 'all that bob wrote, in communities and directly'
);
select is((select m -> 'edits' -> 0 ->> 'body' from file, jsonb_array_elements(data -> 'messages') m where m ->> 'body' = 'two of bob''s'), 'one of bob''s', 'with what it said before');
select ok((select data -> 'memberships' @> '[{"community": "Rust", "roles": [{"name": "helper"}]}]' from file), 'memberships with their roles');
select is((select data -> 'reports' -> 0 ->> 'details' from file), 'look at this', 'reports that bob made');
select is((select data -> 'friends' -> 0 ->> 'user_id' from file), md5('cleo')::uuid::text, 'friends');
select is((select data -> 'blocks' -> 0 ->> 'user_id' from file), md5('dan')::uuid::text, 'and whom bob blocks');
select is((select data -> 'preferences' from file), '[{"direct_from": "friends"}]', 'what bob has chosen');
select ok((select data::text not like '%the word of%' from file), 'and nothing that others wrote, nor what was reported');
select ok((select data::text not like '%cleo@%' and data::text not like '%"gone"%' from file), 'nothing of others'' accounts, nor what is deleted');

-- The end of making.
set local role service_role;
select is(pg_temp.refused_field(format('select finish_data_export(%L)', current_setting('test.export'))), 'PT422 invalid_argument p_size', 'it is made, or something was in the way');
select is(pg_temp.refused_field(format('select finish_data_export(%L, 10)', current_setting('test.export'))), 'PT404 not_found p_export_id', 'what does not lie in the bucket is not made');
reset role;
insert into storage.objects (bucket_id, name) select 'exports', private.export_path(d) from private.data_exports d where d.id = current_setting('test.export')::uuid;
set local role service_role;
select is(pg_temp.refusal(format('select finish_data_export(%L, 10)', current_setting('test.export'))), 'none', 'what does, is');
select pg_temp.become('bob');
select is((select array[e.state, (e.expires_at = now() + interval '7 days')::text, e.size::text] from my_data_export() e), array['ready', 'true', '10'], 'its owner finds it, for seven days');
select is((select array_agg(name) from storage.objects where bucket_id = 'exports'), array[(my_data_export()).path], 'and may read it, and no other');
select pg_temp.become('ann');
select is_empty($$ select from storage.objects where bucket_id = 'exports' $$, 'others may not');
reset role;
select set_eq(
  $$ select payload ->> 'state' from broadcasts where topic = 'user:' || md5('bob')::uuid and event = 'data_export_changed' $$, $$ values ('ready') $$, 'whose devices hear of it'
);

-- Its end.
-- Who has waited longest comes first.
update private.export_files set remove_at = '1999-01-01' where path like md5('bob')::uuid || '/%';
update private.data_exports set expires_at = now() where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is((my_data_export()).path, null, 'when its time is over it is nowhere any more');
select is_empty($$ select from storage.objects where bucket_id = 'exports' $$, 'and not to be read');
reset role;
set local role service_role;
select ok((select bool_or(p like md5('bob')::uuid || '/%') from unnest(claim_export_removals(1000)) p), 'but to be removed');
reset role;
update private.data_exports set state = 'working', expires_at = null, size = null, tries = 1 where user_id = md5('bob')::uuid;
select public.finish_data_export(current_setting('test.export')::uuid, null, 'no room');
select is((select state from private.data_exports where user_id = md5('bob')::uuid), 'waiting', 'what fails is tried again');
update private.data_exports set state = 'working', tries = 3 where user_id = md5('bob')::uuid;
select public.finish_data_export(current_setting('test.export')::uuid, null, 'no room');
select is((select state from private.data_exports where user_id = md5('bob')::uuid), 'failed', 'three times');

-- The account ends while its export is being made.
update private.data_exports set state = 'working', tries = 1 where user_id = md5('bob')::uuid;
update public.communities set owner_id = md5('ann')::uuid where owner_id = md5('bob')::uuid;
insert into private.account_endings (user_id, messages) values (md5('bob')::uuid, 'remove');
select is(pg_temp.refused_field(format('select export_page(%L, ''messages'')', current_setting('test.export'))), 'PT404 not_found p_export_id', 'of an account that is ending nothing is read');
insert into storage.objects (bucket_id, name) values ('exports', md5('bob')::uuid || '/' || gen_random_uuid() || '.json.gz');
select is((select count(*) from private.export_files where path like md5('bob')::uuid || '/%' and remove_at <= now()), 2::bigint, 'what arrives all the same goes at once');
update private.export_files set remove_at = now() + interval '1 day' where path in (select private.export_path(d) from private.data_exports d where d.user_id = md5('bob')::uuid);
select pg_temp.become('bob');
select is_empty($$ select from storage.objects where bucket_id = 'exports' $$, 'nobody reads what is left');
reset role;
delete from auth.users where id = md5('bob')::uuid;
select is_empty($$ select from private.export_files where path like md5('bob')::uuid || '/%' and remove_at > now() $$, 'and with the account it goes');

select * from finish();
rollback;
