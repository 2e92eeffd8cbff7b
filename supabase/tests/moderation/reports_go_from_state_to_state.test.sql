begin;
select plan(44);
\ir ../shared.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'rita', 'rolf', 'ada');
select pg_temp.appoint(name) from unnest(array['rita', 'rolf']) as name;
select pg_temp.appoint('ada', 'admin');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'hello');
select pg_temp.become('cleo');
select report_message(pg_temp.channel(), 1, 'spam');
select set_config('test.report', pg_temp.report_of('cleo')::text, true);

reset role;
-- A step by who asks now, as it is refused with one detail of it; the state; and who has it in hand.
create function pg_temp.step(p_call text, p_detail text default 'state') returns text language sql as
$$ select pg_temp.refusal(format('select ' || p_call, current_setting('test.report')), p_detail) $$;
create function pg_temp.stands() returns text language sql security definer as $$
  select concat_ws(' ', state, (select u.name from unnest(array['rita', 'rolf', 'ada']) as u (name) where md5(u.name)::uuid = assignee_id))
  from private.reports where id = current_setting('test.report')::uuid
$$;

-- Open: it is taken on, and nothing else.
select pg_temp.become('rita');
select is(pg_temp.step('resolve_report(%L, ''done'')'), 'PT409 conflict open', 'what is open is not resolved');
select is(pg_temp.step('dismiss_report(%L)'), 'PT409 conflict open', 'nor dismissed');
select is(pg_temp.step('act_on_report(%L, ''delete_message'')'), 'PT409 conflict open', 'nor acted on');
select is(pg_temp.step('reopen_report(%L)', 'permission'), 'PT403 missing_permission platform_admin', 'a reviewer opens nothing again');
select pg_temp.become('ada');
select is(pg_temp.step('reopen_report(%L)'), 'PT409 conflict open', 'nor does an admin what has not ended');
select pg_temp.become('rita');
select is(pg_temp.step('note_report(%L, ''A note.'')'), 'none', 'a note may be made on it');
select is(pg_temp.stands(), 'open', 'which changes nothing');
select is(
  array(select pg_temp.step(format('note_report(%%L, %L)', note), 'field') from unnest(array['', ' ', null, repeat('x', 2001)]) as note),
  array_fill('PT422 invalid_argument p_note'::text, array[4]), 'a note says something, in 2,000 characters'
);

-- In review.
select is(pg_temp.step('assign_report(%L)'), 'none', 'a reviewer takes it on');
select is(pg_temp.stands(), 'in_review rita', 'and has it in hand, in review');
select is(pg_temp.step('assign_report(%L)'), 'none', 'to take it on again is no error');
select pg_temp.become('rolf');
select is(pg_temp.step('assign_report(%L)', 'assignee_id'), 'PT409 conflict ' || md5('rita')::uuid, 'another reviewer does not take it');
select is(pg_temp.step(format('assign_report(%%L, %L)', md5('ada')::uuid), 'permission'), 'PT403 missing_permission platform_admin', 'nor hands it on');
select is(pg_temp.step('resolve_report(%L, ''done'')', 'assignee_id'), 'PT409 conflict ' || md5('rita')::uuid, 'nor resolves it');
select is(pg_temp.step('dismiss_report(%L)', 'assignee_id'), 'PT409 conflict ' || md5('rita')::uuid, 'nor dismisses it');
select is(pg_temp.step('act_on_report(%L, ''delete_message'')', 'assignee_id'), 'PT409 conflict ' || md5('rita')::uuid, 'nor acts on it');
select is(pg_temp.step('note_report(%L, ''Another note.'')'), 'none', 'but may write a note on it');
select pg_temp.become('ada');
select is(pg_temp.step('resolve_report(%L, ''done'')', 'assignee_id'), 'PT409 conflict ' || md5('rita')::uuid, 'an admin does not resolve it either');
select is(pg_temp.step('reopen_report(%L)'), 'PT409 conflict in_review', 'nor opens what is open');
select is(pg_temp.step(format('assign_report(%%L, %L)', md5('rolf')::uuid)), 'none', 'but hands it to another');
select is(pg_temp.stands(), 'in_review rolf', 'who has it in hand then');
select is(
  array(select pg_temp.step(format('assign_report(%%L, %L)', u.id), 'field') from unnest(array[md5('cleo')::uuid, md5('ann')::uuid, gen_random_uuid()]) as u (id)),
  array_fill('PT404 not_found p_user_id'::text, array[3]), 'it is handed to staff only'
);
select is(pg_temp.step('assign_report(%L)'), 'none', 'an admin takes it over');
select is(pg_temp.stands(), 'in_review ada', 'and has it');
select pg_temp.step(format('assign_report(%%L, %L)', md5('rita')::uuid));

-- Ended.
select pg_temp.become('rita');
select is(
  array(select pg_temp.step(format('resolve_report(%%L, %L)', resolution), 'field') from unnest(array['', null, repeat('x', 2001)]) as resolution),
  array_fill('PT422 invalid_argument p_resolution'::text, array[3]), 'to resolve it is to say how'
);
select is(pg_temp.step('resolve_report(%L, ''Deleted.'')'), 'none', 'who has it in hand resolves it');
select is(pg_temp.stands(), 'resolved rita', 'and it is resolved');
select is(pg_temp.step('resolve_report(%L, ''Deleted.'')'), 'PT409 conflict resolved', 'once');
select is(pg_temp.step('dismiss_report(%L)'), 'PT409 conflict resolved', 'and is not dismissed then');
select is(pg_temp.step('act_on_report(%L, ''delete_message'')'), 'PT409 conflict resolved', 'nor acted on');
select is(pg_temp.step('assign_report(%L)'), 'PT409 conflict resolved', 'nor taken on');
select is(pg_temp.step('note_report(%L, ''A late note.'')'), 'none', 'a note may still be made');
select pg_temp.become('ada');
select is(pg_temp.step(format('reopen_report(%%L, %L)', repeat('x', 2001)), 'field'), 'PT422 invalid_argument p_note', 'why it is opened again fits in 2,000 characters');
select is(pg_temp.step('reopen_report(%L, ''Not enough.'')'), 'none', 'an admin opens it again');
select is(pg_temp.stands(), 'in_review ada', 'and has it in hand');
select is(pg_temp.step(format('dismiss_report(%%L, %L)', repeat('x', 2001)), 'field'), 'PT422 invalid_argument p_note', 'why it is dismissed fits, too');
select is(pg_temp.step('dismiss_report(%L)'), 'none', 'it is dismissed');
select is(pg_temp.stands(), 'dismissed ada', 'so it stands');

-- The same person has reported it anew since.
select pg_temp.become('cleo');
select report_message(pg_temp.channel(), 1, 'hate');
select pg_temp.become('ada');
select is(pg_temp.step('reopen_report(%L)'), 'PT409 conflict', 'what has a newer one is not opened again');
select assign_report(pg_temp.report_of('cleo'));
select dismiss_report(pg_temp.report_of('cleo'), 'See the first.');
select is(pg_temp.step('reopen_report(%L)'), 'none', 'until that has ended');

-- Every step is told, with who did it and what they said.
select is(
  (
    select array_agg(concat_ws(' ', (select u.name from unnest(array['cleo', 'rita', 'rolf', 'ada']) as u (name) where md5(u.name)::uuid::text = e.value ->> 'actor_id'),
      e.value ->> 'kind', e.value ->> 'note',
      (select u.name from unnest(array['rita', 'rolf', 'ada']) as u (name) where md5(u.name)::uuid::text = e.value #>> '{details,user_id}')) order by e.ordinality)
    from jsonb_array_elements(get_report(current_setting('test.report')::uuid) -> 'events') with ordinality as e
  ),
  array[
    'cleo reported', 'rita noted A note.', 'rita assigned rita', 'rolf noted Another note.', 'ada assigned rolf', 'ada assigned ada', 'ada assigned rita',
    'rita resolved Deleted.', 'rita noted A late note.', 'ada reopened Not enough.', 'ada dismissed', 'ada reopened'
  ],
  'the history has every step that was done, and none that was refused'
);

-- Lists.
select pg_temp.become('cleo');
select pg_sleep(0.002);
select set_config('test.second', (report_user(md5('bob')::uuid, 'spam')).id::text, true);
select pg_sleep(0.002);
select set_config('test.third', (report_user(md5('ann')::uuid, 'spam')).id::text, true);
select pg_temp.become('rita');
select is(
  array(select r.id::text from list_reports('open', current_setting('test.began')::uuid) r where r.id::text in (current_setting('test.second'), current_setting('test.third')))
    || array(select r.id::text from list_reports(p_after_id => current_setting('test.second')::uuid, p_limit => 1) r),
  array[current_setting('test.second'), current_setting('test.third'), current_setting('test.third')], 'what waits is listed by its age, and by pages'
);
select assign_report(id::uuid) from unnest(array[current_setting('test.second'), current_setting('test.third')]) as id;
select dismiss_report(id::uuid) from unnest(array[current_setting('test.second'), current_setting('test.third')]) as id;
select is(
  array(select r.id::text from list_reports('dismissed', p_limit => 2) r)
    || array(select r.id::text from list_reports('dismissed', current_setting('test.third')::uuid, 1) r),
  array[current_setting('test.third'), current_setting('test.second'), current_setting('test.second')], 'what has ended the newest first'
);
select is(
  array[pg_temp.refused_field('select list_reports(''lost'')'), pg_temp.refused_field('select list_reports(null)'), pg_temp.refused_field('select list_reports(p_limit => 101)')],
  array['PT422 invalid_argument p_state', 'PT422 invalid_argument p_state', 'PT422 invalid_argument p_limit'], 'of one state, and a hundred at most'
);

select * from finish();
rollback;
