-- One snapshot: that nothing was written is asked of whole tables, which others write in meanwhile.
begin isolation level repeatable read;
select plan(38);
\ir ../shared.psql
\ir ../files.psql

select pg_temp.sign_up('ann', 'bob');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'other');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.upload('bob', id) from unnest(array['a', 'b', 'c', 'd', 'e']) as id;
select pg_temp.upload('bob', 'elsewhere', 'other');
select pg_temp.upload('ann', 'hers');
select pg_temp.upload('bob', 'n' || n) from generate_series(1, 11) as n;

create function pg_temp.state() returns text language sql security definer as $$
  select md5(concat(
    (select jsonb_agg(m order by m.channel_id, m.seq) from public.messages m), (select jsonb_agg(h order by h.channel_id) from private.channel_heads h),
    (select count(*) from private.channel_events), (select count(*) from realtime.messages), (select jsonb_agg(a order by a.path) from private.attachments a)
  ))
$$;
select set_config('test.state', pg_temp.state(), true);
select pg_temp.become('bob');

-- Shapes.
select is_empty(
  $$ select wrong, pg_temp.sends(wrong) from unnest(array[
       'null', '1', '"x"', 'true', '{}', pg_temp.file('a') -> 0, '[null]', '[1]', '["x"]', '[[]]', '[{}]', jsonb_build_array(pg_temp.file('a')),
       pg_temp.file('a') || '[null]', pg_temp.file('a') || '[{}]'
     ]::jsonb[]) as wrong
     where pg_temp.sends(wrong) is distinct from 'PT422 invalid_argument p_attachments' $$,
  'files are a list of objects'
);
select is_empty(
  $$ select more from unnest(array[
       '{"path": "x"}', '{"size": 1}', '{"content_type": "text/html"}', '{"id": null}', '{"id": 1}', '{"id": ""}', '{"id": "x"}', '{"id": ["x"]}', '{"id": "../x"}',
       '{"name": null}', '{"name": 1}', '{"name": ""}', '{"name": " "}', '{"name": "\u200b"}', '{"name": "a/b"}', '{"name": "a\\b"}', '{"name": "a\nb"}', '{"name": ".."}', '{"name": "."}',
       '{"name": "gnp.exe\u202etxt"}', '{"name": {}}'
     ]::jsonb[]) as more
     where pg_temp.sends(pg_temp.file('a', more)) is distinct from 'PT422 invalid_argument p_attachments' $$,
  'each with an id and a name, and nothing that Storage knows better'
);
select is(pg_temp.sends(pg_temp.file('a', jsonb_build_object('name', repeat('x', 256)))), 'PT422 invalid_argument p_attachments', 'a name is not too long');
select is(
  pg_temp.sends(pg_temp.file('a', jsonb_build_object('name', 'a' || repeat(E'\u0301\u0323', 5000)))), 'PT422 invalid_argument p_attachments',
  'nor by ten thousand marks'
);
select is_empty(
  $$ select at from unnest(array[
       to_jsonb(now() - interval '1 second'), to_jsonb(now() + interval '367 days'), '"infinity"', '"tomorrow"', '"now"', '""', '"2099-01-01"', '"2027-02-30T00:00:00Z"',
       '"2027-01-01T00:00:00"', '"2027-01-01T00:00:00 Mars/Olympus"', '"99999-01-01T00:00:00Z"', '1', '[]', '{}', 'true', to_jsonb(extract(epoch from now()) + 60)
     ]::jsonb[]) as at
     where pg_temp.sends(pg_temp.file('a', jsonb_build_object('expires_at', at))) is distinct from 'PT422 invalid_argument p_attachments' $$,
  'it expires at an instant, within a year from now'
);
select is(
  pg_temp.sends((select jsonb_agg(pg_temp.file('n' || n) -> 0) from generate_series(1, 11) as n)), 'PT422 invalid_argument p_attachments',
  'eleven are too many'
);
select is(pg_temp.sends(pg_temp.file('a') || pg_temp.file('a')), 'PT422 invalid_argument p_attachments', 'one is not sent twice at once');
select is(
  pg_temp.sends(pg_temp.file('a') || pg_temp.file('a', jsonb_build_object('id', upper(md5('a')::uuid::text)))), 'PT422 invalid_argument p_attachments',
  'nor as two spellings'
);
select is(
  pg_temp.sends((repeat('[', 2000) || repeat(']', 2000))::jsonb), 'PT422 invalid_argument p_attachments', 'depth is no way in'
);
select is(
  pg_temp.sends(pg_temp.file('a', jsonb_build_object('name', (repeat('[', 2000) || repeat(']', 2000))::jsonb))), 'PT422 invalid_argument p_attachments',
  'nor further down'
);

-- Whose they are.
select is(pg_temp.sends(pg_temp.file('never')), 'PT422 invalid_argument p_attachments', 'what was never uploaded is not sent');
select is(pg_temp.sends(pg_temp.file('hers')), 'PT422 invalid_argument p_attachments', 'nor what somebody else has');
select is(pg_temp.sends(pg_temp.file('elsewhere')), 'PT422 invalid_argument p_attachments', 'nor what lies in another channel');
select is(pg_temp.sends(pg_temp.file('a') || pg_temp.file('never')), 'PT422 invalid_argument p_attachments', 'all of them or none');
reset role;
select is(current_setting('test.state'), pg_temp.state(), 'and nothing was written');

-- What Storage says of them.
insert into storage.objects (bucket_id, name, owner_id, owner, metadata) values
  ('attachments', pg_temp.file_path('bob', 'in her name'), md5('ann')::uuid::text, null, '{"size": 5, "mimetype": "image/png"}'),
  ('attachments', pg_temp.file_path('bob', 'in no name'), null, null, '{"size": 5, "mimetype": "image/png"}'),
  ('attachments', pg_temp.file_path('bob', 'in her new name'), md5('ann')::uuid::text, md5('bob')::uuid, '{"size": 5, "mimetype": "image/png"}'),
  ('attachments', pg_temp.file_path('bob', 'in his old name'), null, md5('bob')::uuid, '{"size": 5, "mimetype": "image/png"}');
select pg_temp.upload('bob', m::text, 'general', m)
from unnest(array['{}', '{"size": 5}', '{"mimetype": "image/png"}', '{"size": "5", "mimetype": "image/png"}', '{"size": -1, "mimetype": "image/png"}', '{"size": 26214401, "mimetype": "image/png"}', '{"size": 5, "mimetype": ""}']::jsonb[]) as m;
select pg_temp.become('bob');
select is_empty(
  $$ select id from unnest(array['in her name', 'in no name', 'in her new name']) as id where pg_temp.sends(pg_temp.file(id)) is distinct from 'PT422 invalid_argument p_attachments' $$,
  'what Storage has in another''s name is not sent'
);
select is(pg_temp.sends(pg_temp.file('in his old name')), 'none', 'what an older Storage has in one''s own is');
select is_empty(
  $$ select m from unnest(array['{}', '{"size": 5}', '{"mimetype": "image/png"}', '{"size": "5", "mimetype": "image/png"}', '{"size": -1, "mimetype": "image/png"}', '{"size": 26214401, "mimetype": "image/png"}', '{"size": 5, "mimetype": ""}']::jsonb[]) as m
     where pg_temp.sends(pg_temp.file(m::text, '{"name": "x"}')) is distinct from 'PT422 invalid_argument p_attachments' $$,
  'nor is one of no size, no type or more than 25 MiB'
);

-- What is sent.
select is(
  (send_message(pg_temp.channel(), '', p_attachments => pg_temp.file('a', '{"name": "e\u0301.png"}') || pg_temp.file('b'))).attachments,
  jsonb_build_array(
    jsonb_build_object('id', md5('a')::uuid, 'path', pg_temp.file_path('bob', 'a'), 'name', E'\u00e9.png', 'content_type', 'image/png', 'size', 5, 'expires_at', null),
    jsonb_build_object('id', md5('b')::uuid, 'path', pg_temp.file_path('bob', 'b'), 'name', 'b.png', 'content_type', 'image/png', 'size', 5, 'expires_at', null)
  ),
  'files are shown in the order of sending, with what Storage says they are'
);
select is(
  (select m.attachments from list_messages(pg_temp.channel(), 1) m), (select m.attachments from get_message(pg_temp.channel(), (select max(seq) from list_messages(pg_temp.channel()))) m),
  'on a page and alone'
);
select is((select body from list_messages(pg_temp.channel(), 1)), '', 'files need no text');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), '', p_attachments => '[]') $$), 'PT422 invalid_argument p_body', 'no files need one');
select is(pg_temp.sends('[]'), 'none', 'an empty list is none');
select is(pg_temp.sends(pg_temp.file('a')), 'PT422 invalid_argument p_attachments', 'what was sent is not sent again');
select is(
  (select jsonb_array_length((send_message(pg_temp.channel(), 'x', p_attachments => (select jsonb_agg(pg_temp.file('n' || n) -> 0) from generate_series(1, 10) as n))).attachments)),
  10, 'ten are sent at once'
);
select is(
  pg_temp.refused_field(format($$ select send_message(%L, repeat(E'\u200b', 3), p_attachments => %L) $$, pg_temp.channel(), pg_temp.file('c'))), 'none', 'a text that shows nothing is none'
);
select is((select body from list_messages(pg_temp.channel(), 1)), '', 'and kept as none');
select is((edit_message(pg_temp.channel(), (select max(seq) from list_messages(pg_temp.channel())), 'more')).body, 'more', 'it may get one later');
select is((edit_message(pg_temp.channel(), (select max(seq) from list_messages(pg_temp.channel())), '')).body, '', 'and lose it again');
select is((select jsonb_array_length(attachments) from list_messages(pg_temp.channel(), 1)), 1, 'without losing its file');
select send_message(pg_temp.channel(), 'without files');
select is(
  pg_temp.refused_field($$ select edit_message(pg_temp.channel(), (select max(seq) from list_messages(pg_temp.channel())), '') $$), 'PT422 invalid_argument p_body',
  'a message without files keeps a text'
);

-- A retry.
select is(
  (send_message(pg_temp.channel(), '', 'nonce', p_attachments => pg_temp.file('d'))).seq, (send_message(pg_temp.channel(), '', 'nonce', p_attachments => pg_temp.file('d'))).seq,
  'a retry with the same nonce is the same message'
);

-- The right.
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid, p_deny => '{attach_files}');
select pg_temp.become('bob');
select is(
  pg_temp.refused_permission($$ select send_message(pg_temp.channel(), 'x', p_attachments => pg_temp.file('e')) $$), 'PT403 missing_permission attach_files',
  'who may not attach files sends none'
);
select is(pg_temp.refused_permission($$ select send_message(pg_temp.channel(), 'x', p_attachments => '{}') $$), 'PT403 missing_permission attach_files', 'and is told that first');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'x', p_attachments => '[]') $$), 'none', 'but sends texts');
select is((send_message(pg_temp.channel(), '', 'nonce', p_attachments => pg_temp.file('d'))).client_nonce, 'nonce', 'and has a retry answered');

-- The limit.
select pg_temp.become('ann');
reset role;
select set_config('test.limit', (select capacity::text from private.rate_limit_catalog where key = 'attachment_send'), true);
update private.rate_limit_catalog set capacity = 2 where key = 'attachment_send';
select pg_temp.upload('ann', 'h' || n) from generate_series(1, 3) as n;
select pg_temp.become('ann');
select is(
  pg_temp.refusal($$ select send_message(pg_temp.channel(), 'x', p_attachments => pg_temp.file('h1') || pg_temp.file('h2') || pg_temp.file('h3')) $$, 'limit'),
  'PT429 rate_limited attachment_send', 'each file counts towards a limit'
);
select is(pg_temp.sends(pg_temp.file('h1') || pg_temp.file('h2')), 'none', 'up to it they are sent');

select * from finish();
rollback;
