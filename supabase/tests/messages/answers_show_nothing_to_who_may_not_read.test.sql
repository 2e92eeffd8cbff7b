begin;
select plan(9);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');
select pg_temp.become('ann');
select create_community('Rust');
select send_message(pg_temp.channel(), 'secret');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select is((send_message(pg_temp.channel(), 'an answer', 'nonce 1', 1)).reply ->> 'excerpt', 'secret', 'who may read sees what they answer');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'), p_deny => '{read_history}');
select edit_message(pg_temp.channel(), 1, 'another secret');

select pg_temp.become('bob');
select is(pg_temp.refused_permission($$ select send_message(pg_temp.channel(), 'what is it', p_reply_to_seq => 1) $$), 'PT403 missing_permission read_history', 'who may not read the history answers nothing in it');
select is(pg_temp.refused_permission($$ select send_message(pg_temp.channel(), 'what is it', p_reply_to_seq => 99) $$), 'PT403 missing_permission read_history', 'and does not learn what is there');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'hello') $$), 'none', 'but sends');
select is((send_message(pg_temp.channel(), 'an answer', 'nonce 1', 1)).reply, '{"seq": 1, "author_id": null, "author_name": null, "excerpt": null, "created_at": null}', 'nor by sending again what was sent before');
select is((edit_message(pg_temp.channel(), 2, 'edited')).reply, '{"seq": 1, "author_id": null, "author_name": null, "excerpt": null, "created_at": null}', 'nor by editing it');
select is((edit_message(pg_temp.channel(), 2, 'edited')).reply ->> 'excerpt', null, 'also where nothing is edited');
select is((select count(*) from jsonb_array_elements(sync_channel(pg_temp.channel(), 0) -> 'changes') c where c -> 'message' <> 'null'), 0::bigint, 'nor from the feed');
select pg_temp.become('ann');
select is((select reply ->> 'excerpt' from get_message(pg_temp.channel(), 2)), 'another secret', 'who may read sees what it says now');

select * from finish();
rollback;
