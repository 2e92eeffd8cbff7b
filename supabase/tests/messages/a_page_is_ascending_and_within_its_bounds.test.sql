begin;
select plan(28);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

-- One channel with 120 messages, another with one.
insert into public.communities (id, name, owner_id) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, private.permission_mask('view_channel'));
insert into public.channels (community_id, id, kind, name, position) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'text', 'long', 0),
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000002', 'text', 'short', 1),
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000003', 'text', 'empty', 2);
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob']) as name;
insert into public.messages (channel_id, seq, author_id, body, revision)
select 'e0000000-0000-4000-8000-000000000001', n, md5('ann')::uuid, n, n from generate_series(1, 120) as n;
insert into public.messages (channel_id, seq, author_id, body, revision)
values ('e0000000-0000-4000-8000-000000000002', 1, md5('ann')::uuid, 'only one', 1);

-- The numbers of a page, as a range where they are one.
create function pg_temp.page(
  p_limit integer default null, p_before_seq bigint default null, p_after_seq bigint default null, p_around_seq bigint default null
) returns text language sql as $$
  select case
    when count(*) = 0 then 'nothing'
    when array_agg(seq) = array(select generate_series(min(seq), max(seq))) then min(seq) || ' to ' || max(seq)
    else array_agg(seq)::text
  end
  from list_messages('e0000000-0000-4000-8000-000000000001', coalesce(p_limit, 50), p_before_seq, p_after_seq, p_around_seq)
$$;

select pg_temp.become('ann');
select is(pg_temp.page(), '71 to 120', 'without a bound: the newest 50, ascending');
select is(pg_temp.page(1), '120 to 120', 'or as many as asked for: one');
select is(pg_temp.page(100), '21 to 120', 'or a hundred');
select is((select count(*) from list_messages('e0000000-0000-4000-8000-000000000001')), 50::bigint, 'the channel alone is enough to ask');
select is((select body from list_messages('e0000000-0000-4000-8000-000000000002')), 'only one', 'a page is of one channel only');
select is_empty('select * from list_messages(''e0000000-0000-4000-8000-000000000003'')', 'an empty channel is an empty page');

select is(pg_temp.page(10, p_before_seq => 71), '61 to 70', 'before: the newest below the number');
select is(pg_temp.page(10, p_before_seq => 4), '1 to 3', 'fewer where there are no more');
select is(pg_temp.page(10, p_before_seq => 1), 'nothing', 'none before the first');
select is(pg_temp.page(10, p_before_seq => -5), 'nothing', 'nor before what is below it');
select is(pg_temp.page(3, p_before_seq => 9223372036854775807), '118 to 120', 'the newest before the greatest number there is');

select is(pg_temp.page(10, p_after_seq => 70), '71 to 80', 'after: the oldest above the number');
select is(pg_temp.page(10, p_after_seq => 0), '1 to 10', 'from the beginning after nothing');
select is(pg_temp.page(10, p_after_seq => 117), '118 to 120', 'fewer where there are no more');
select is(pg_temp.page(10, p_after_seq => 120), 'nothing', 'none after the last');

select is(pg_temp.page(5, p_around_seq => 50), '48 to 52', 'around: the number in the middle');
select is(pg_temp.page(4, p_around_seq => 50), '49 to 52', 'of an even page the second');
select is(pg_temp.page(1, p_around_seq => 50), '50 to 50', 'of a page of one the only one');
select is(pg_temp.page(100, p_around_seq => 3), '1 to 53', 'at the beginning what there is before it');
select is(pg_temp.page(5, p_around_seq => 120), '118 to 120', 'at the end what there is after it');

select is(pg_temp.refused_field('select pg_temp.page(10, 5, 5)'), 'PT422 invalid_argument p_after_seq', 'two bounds at once are refused');
select is(pg_temp.refused_field('select pg_temp.page(10, 5, null, 5)'), 'PT422 invalid_argument p_around_seq', 'whichever two');
select is(pg_temp.refused_field('select pg_temp.page(0)'), 'PT422 invalid_argument p_limit', 'so is a page of none');
select is(pg_temp.refused_field('select pg_temp.page(101)'), 'PT422 invalid_argument p_limit', 'of more than a hundred');
select is(pg_temp.refused_field('select pg_temp.page(-1)'), 'PT422 invalid_argument p_limit', 'of less than none');
select is(
  pg_temp.refused_field('select list_messages(''e0000000-0000-4000-8000-000000000001'', null)'), 'PT422 invalid_argument p_limit', 'and one without a size'
);

select pg_temp.become('bob');
select is(pg_temp.refused_field('select pg_temp.page()'), 'PT403 missing_permission', 'without read_history there is no page');
select is_empty('select * from public.messages', 'nor a row');

select * from finish();
rollback;
