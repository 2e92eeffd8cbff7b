-- One snapshot: that nothing was written is asked of whole tables, which others write in meanwhile.
begin isolation level repeatable read;
select plan(10);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'other');
select send_message(pg_temp.channel(), 'one');
select send_message(pg_temp.channel('other'), 'other ' || n) from generate_series(1, 5) as n;

-- Texts of every kind come back as they were sent.
select is_empty(
  $$ select plane from generate_series(0, 16) as plane, lateral (select chr((plane * 65536 + 40000)) || chr(plane * 65536 + 60000) as body) t
     where (send_message(pg_temp.channel(), 'x' || body)).body <> normalize('x' || body, nfc) $$,
  'a text of any plane of Unicode is taken'
);
select is((send_message(pg_temp.channel(), E'\u202eeno\u202c')).body, E'\u202eeno\u202c', 'one that runs from right to left, too');
select is(char_length((send_message(pg_temp.channel(), 'a' || repeat(E'\u0301\u0323', 1999))).body), 3998, 'so are thousands of combining marks');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), repeat(E'\u0958', 3000)) $$), 'PT422 body_too_long p_body', 'a text is as long as it is kept');
select is((send_message(pg_temp.channel(), E'\u3000 e\u0301 \n')).body, E'\u00e9', 'without the space around it, in normal form C');

-- Numbers that are none, or another channel's.
reset role;
create function pg_temp.state() returns text language sql security definer as $$
  select md5(concat(
    (select jsonb_agg(m order by m.channel_id, m.seq) from public.messages m), (select jsonb_agg(h order by h.channel_id) from private.channel_heads h),
    (select count(*) from private.channel_events), (select count(*) from realtime.messages), (select jsonb_agg(r) from private.reactions r)
  ))
$$;
select set_config('test.state', pg_temp.state(), true);
create temp table odd as
select n from unnest(array[null, 0, -1, 99, 9223372036854775807, -9223372036854775808]) as n;
grant select on odd to authenticated;
select pg_temp.become('ann');
select is_empty(
  $$ select f, n, pg_temp.refused_field(format(f, pg_temp.channel(), n))
     from odd, unnest(array[
       'select edit_message(%L, %L, ''x'')', 'select delete_message(%L, %L)', 'select add_reaction(%L, %L, ''👍'')', 'select remove_reaction(%L, %L, ''👍'')',
       'select clear_reactions(%L, %L)', 'select pin_message(%L, %L)', 'select unpin_message(%L, %L)', 'select get_message(%L, %L)',
       'select list_reactions(%L, %L, ''👍'')', 'select list_message_edits(%L, %L)'
     ]) as f
     where pg_temp.refused_field(format(f, pg_temp.channel(), n)) is distinct from 'PT404 not_found p_seq' $$,
  'a message that is not there is not found, whatever its number'
);
select is_empty(
  $$ select n from odd where n is not null and pg_temp.refused_field(format('select send_message(%L, ''x'', null, %L)', pg_temp.channel(), n)) <> 'PT404 not_found p_reply_to_seq' $$,
  'nor is it answered'
);
select is_empty(
  $$ select n from generate_series(25, 30) as n where pg_temp.refused_field(format('select send_message(%L, ''x'', null, %L)', pg_temp.channel('other'), n)) <> 'PT404 not_found p_reply_to_seq' $$,
  'nor is another channel''s'
);
select is_empty(
  $$ select n, f, pg_temp.refusal(format(f, pg_temp.channel(), n))
     from odd, unnest(array[
       'select count(*) from list_messages(%L, p_before_seq => %L)', 'select count(*) from list_messages(%L, p_after_seq => %L)',
       'select count(*) from list_messages(%L, p_around_seq => %L)', 'select sync_channel(%L, %L)'
     ]) as f
     where pg_temp.refusal(format(f, pg_temp.channel(), n)) <> 'none' $$,
  'a page goes on from any number'
);
select is(pg_temp.state(), current_setting('test.state'), 'and nothing was written');

select * from finish();
rollback;
