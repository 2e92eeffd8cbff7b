begin;
select plan(73);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'max', 'spammer', 'zoe');
-- What a search finds, the newest first.
create function pg_temp.found(p_query text, p_channel text default null, p_community text default 'Rust') returns text language sql as $$
  select coalesce(string_agg(coalesce(m.body, '?'), ' | ' order by m.created_at desc, m.channel_id desc, m.seq desc), 'nothing')
  from search_messages(p_query, pg_temp.community(p_community), case when p_channel is not null then pg_temp.channel(p_channel) end) m
$$;
create function pg_temp.refused_search(p_query text) returns text language sql as $$
  select pg_temp.refused_field(format('select search_messages(%L, pg_temp.community())', p_query))
$$;
create function pg_temp.member(p_name text) returns text language sql as $$ select md5(p_name)::uuid::text $$;
update private.rate_limit_catalog set capacity = 1000 where key = 'message_search';
update public.profiles set username = n.name || '_1' from unnest(array['ann', 'bob', 'max', 'spammer', 'zoe']) as n (name) where id = md5(n.name)::uuid;

select pg_temp.become('zoe');
select create_community('Zig');
select send_message(id, 'apple of another community') from list_channels(pg_temp.community('Zig'));
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'side talk');
select create_channel(pg_temp.community(), 'staff');
select create_channel(pg_temp.community(), 'live');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
select set_channel_overwrite(pg_temp.channel('live'), 'role', pg_temp.role('everyone'), p_deny => '{read_history}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'max', 'spammer']) as name;
select pg_temp.become('ann');
select send_message(pg_temp.channel('staff'), 'apple of the staff');
select send_message(pg_temp.channel('live'), 'apple said live');
select send_message(pg_temp.channel(), 'Apple pie for Sunday');
select pg_temp.become('bob');
select send_message(pg_temp.channel('side talk'), 'pie of an apple, see https://example.com/pie');
select send_message(pg_temp.channel(), 'only pears here');
select pg_temp.become('spammer');
select send_message(pg_temp.channel(), 'buy my apple');

-- Who may read.
select pg_temp.become('bob');
select is(pg_temp.found('apple'), 'buy my apple | pie of an apple, see https://example.com/pie | Apple pie for Sunday', 'a member finds what they may read, the newest first');
select is(pg_temp.found('apple', 'general'), 'buy my apple | Apple pie for Sunday', 'or in one channel');
select pg_temp.become('ann');
select is(
  pg_temp.found('apple'), 'buy my apple | pie of an apple, see https://example.com/pie | Apple pie for Sunday | apple said live | apple of the staff',
  'who may read more finds more'
);
select is(pg_temp.found('apple', 'staff'), 'apple of the staff', 'also where others see nothing');
select pg_temp.become('bob');
select is(pg_temp.found('in:staff apple'), 'nothing', 'a filter opens no channel');
select is(pg_temp.found('apple in:' || pg_temp.channel('staff')), 'nothing', 'also by its id');
select is(pg_temp.found('in:live'), 'nothing', 'without read_history there is nothing of a channel');
select is(pg_temp.refused_field('select search_messages(''apple'', pg_temp.community(), pg_temp.channel(''staff''))'), 'PT404 not_found p_channel_id', 'a channel one does not see is none');
select is(pg_temp.refused_permission('select search_messages(''apple'', pg_temp.community(), pg_temp.channel(''live''))'), 'PT403 missing_permission read_history', 'one whose history one may not read is not searched');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select search_messages(''apple'', pg_temp.community())'), 'PT404 not_found p_community_id', 'an outsider searches nothing');
select is(pg_temp.refused_field('select search_messages(''apple'', pg_temp.community(), pg_temp.channel())'), 'PT404 not_found p_community_id', 'also not in a channel');
select is(
  pg_temp.refused_field('select search_messages(''apple'', pg_temp.community(''Zig''), pg_temp.channel())'), 'PT404 not_found p_channel_id', 'also not by way of their own community'
);
select is(pg_temp.found('apple', null, 'Zig'), 'apple of another community', 'which has its own');
select is(pg_temp.found('in:' || pg_temp.channel() || ' apple', null, 'Zig'), 'nothing', 'and no channel of another');
reset role;
select private.add_member(pg_temp.community('Zig'), md5('ann')::uuid);
select pg_temp.become('ann');
select is(
  pg_temp.refused_field('select search_messages(''apple'', pg_temp.community(''Zig''), pg_temp.channel())'), 'PT404 not_found p_channel_id',
  'who may read both names a channel of the community that is searched'
);
select is(pg_temp.found('apple', null, 'Zig'), 'apple of another community', 'a search stays in its community');

-- Words.
select pg_temp.become('bob');
select is(pg_temp.found('PIE apple'), 'pie of an apple, see https://example.com/pie | Apple pie for Sunday', 'all words are needed, in whatever order and case');
select is(pg_temp.found('"apple pie"'), 'Apple pie for Sunday', 'words in quotes stand in that order');
select is(pg_temp.found('pears or sunday'), 'only pears here | Apple pie for Sunday', 'either of two');
select is(pg_temp.found('apple -pie'), 'buy my apple', 'one without the other');
select is(pg_temp.found('appl'), 'nothing', 'a word is whole');
select is(pg_temp.found('"in:general apple"'), 'nothing', 'what stands in quotes is no filter');

-- Filters.
select is(pg_temp.found('from:' || pg_temp.member('ann')), 'Apple pie for Sunday', 'by who wrote it, by id');
select is(pg_temp.found('from:@BOB_1 apple'), 'pie of an apple, see https://example.com/pie', 'or by name');
select is(pg_temp.found('from:<@' || pg_temp.member('ann') || '> from:bob_1 -pears'), 'pie of an apple, see https://example.com/pie | Apple pie for Sunday', 'several of them');
select is(pg_temp.found('from:nobody'), 'nothing', 'nobody has written nothing');
select is(pg_temp.found('from:nobody apple'), 'nothing', 'whatever else is asked');
select is(pg_temp.found('from:' || pg_temp.member('nobody')), 'nothing', 'also by id');
select is(pg_temp.found('from:zoe_1'), 'nothing', 'and so has who is not here');
select is(pg_temp.found('in:#General pie'), 'Apple pie for Sunday', 'by channel');
select is(pg_temp.found('in:"side talk" pie'), 'pie of an apple, see https://example.com/pie', 'whose name may have spaces');
select is(pg_temp.found('in:<#' || pg_temp.channel('side talk') || '>'), 'pie of an apple, see https://example.com/pie', 'or by its id');
select is(pg_temp.found('in:general in:"side talk" pie'), 'pie of an apple, see https://example.com/pie | Apple pie for Sunday', 'several of them');
select is(pg_temp.found('in:nowhere pie'), 'nothing', 'a channel that is not there has nothing');
select is(pg_temp.found('in:"side talk" pie', 'general'), 'nothing', 'nor has another one than the one that is asked');
select is(pg_temp.found('has:link'), 'pie of an apple, see https://example.com/pie', 'with a link');
select send_message(pg_temp.channel(), 'look <@' || pg_temp.member('max') || '>', p_reply_to_seq => 1);
select is(pg_temp.found('has:mention has:reply'), 'look <@' || pg_temp.member('max') || '>', 'a mention, and an answer');
select is(pg_temp.found('has:mention has:link'), 'nothing', 'all of it together');
select is(pg_temp.found('look ' || pg_temp.member('max')), 'nothing', 'whom it mentions is no word of it');
select is(pg_temp.found('has:reaction'), 'nothing', 'without a reaction');
select add_reaction(pg_temp.channel(), 1, '👍');
select is(pg_temp.found('has:reaction'), 'Apple pie for Sunday', 'and with one');
select is(pg_temp.found('has:reaction pie'), 'Apple pie for Sunday', 'and a word');
select results_eq(
  $$ select m.my_reactions, m.reply ->> 'excerpt' from unnest(array['has:reaction', 'has:reply']) as q, search_messages(q, pg_temp.community()) m $$,
  $$ values ('{👍}'::text[], null), ('{}', 'Apple pie for Sunday') $$, 'what is found comes with all that is shown of it'
);
select pg_temp.become('ann');
select is(pg_temp.found('has:pin'), 'nothing', 'none is pinned');
select pin_message(pg_temp.channel(), 2);
select is(pg_temp.found('has:pin'), 'only pears here', 'one is');
select is(pg_temp.found('has:pin apple'), 'nothing', 'of another word');
select is(pg_temp.found('pinned'), 'nothing', 'what the server writes is not found');
select is(pg_temp.found('in:general -- !!'), pg_temp.found('in:general'), 'nor by its channel, and punctuation is no word');
select doesnt_match(pg_temp.found('in:general'), ' \|  \| ', 'which has no text');

-- Days.
reset role;
update public.messages set created_at = '2026-03-10 23:59:59.999999+00' where body = 'Apple pie for Sunday';
update public.messages set created_at = '2026-03-12 00:00+00' where body = 'only pears here';
select pg_temp.become('bob');
set local time zone 'Pacific/Kiritimati';
select is(pg_temp.found('after:2026-03-10 before:2026-03-13'), 'only pears here', 'after a day is not on it');
select is(pg_temp.found('after:2026-03-09 before:2026-03-11'), 'Apple pie for Sunday', 'days are those of UTC');
select is(pg_temp.found('before:2026-03-12 apple'), 'Apple pie for Sunday', 'before a day is not on it');
select is(pg_temp.found('before:2026-03-12 before:2026-03-10 apple'), 'nothing', 'the first of two days counts');
reset time zone;

-- What changes.
select edit_message(pg_temp.channel(), 2, 'only plums here');
select is(pg_temp.found('plums') || ', ' || pg_temp.found('pears'), 'only plums here, nothing', 'what is edited is found by what it says now');
select pg_temp.become('ann');
select delete_message(pg_temp.channel('side talk'), 1);
select is(pg_temp.found('apple has:link'), 'nothing', 'what is deleted is not found');
select ban_member(pg_temp.community(), md5('spammer')::uuid, 'spam', null, now() - interval '1 day');
select is(
  (select string_agg(pg_temp.found(q), ', ') from unnest(array['buy', 'from:' || pg_temp.member('spammer'), 'buy in:general', 'buy has:reaction']) as q), 'nothing, nothing, nothing, nothing',
  'nor is what a ban has hidden, in whatever way'
);
select unalike(pg_temp.found('in:general'), '%buy%', 'also without a word');
select unban_member(pg_temp.community(), md5('spammer')::uuid, true);
select is(pg_temp.found('buy'), 'buy my apple', 'until it is restored');
select is(pg_temp.found('from:spammer_1'), 'nothing', 'who has left is not known by name');

-- What nobody means well.
select pg_temp.become('bob');
select is(pg_temp.refusal(format('select search_messages(%L, pg_temp.community())', repeat('x', 501)), 'max'), 'PT422 invalid_argument 500', 'a search is no longer than 500 characters');
select is(
  (select string_agg(distinct pg_temp.refused_search(q), ', ')
   from unnest(array[null, '', '   ', '!!!', '""', '()&|', '-apple', 'apple or -pie', repeat('x', 501), repeat('apple ', 2000), repeat('שּ', 400), 'has:', 'has:money', 'from:', 'from:""', 'in:""',
     'before:yesterday', 'before:2026-02-30', 'after:2026-3-1', 'before:0000-01-01', 'after:infinity', '-from:bob_1', '-in:general apple', 'in:general -pie']) as q),
  'PT422 invalid_argument p_query', 'nothing, too much, only what is not there and what is no filter are refused'
);
select is(
  (select string_agg(distinct pg_temp.found(q), ', ')
   from unnest(array['"apple banana', 'apple" banana', 'apple & ! banana:*', '''; drop table messages; --', 'apple\banana', '''Cx'':*A', 'Capple', E'a\u202epple', '%', repeat('a ', 250), repeat('x', 500), 'in:%', 'in:"', '"in:'' or true"']) as q
   where pg_temp.refused_search(q) = 'none'),
  'nothing', 'what looks like something to the server is only words'
);
select is(pg_temp.found('"apple pie'), 'Apple pie for Sunday', 'a quote that does not end, ends with the search');
select is(pg_temp.found('C' || pg_temp.channel()), 'nothing', 'the index has words that nobody can type');
select is(
  (select string_agg(distinct pg_temp.refused_field(format('select search_messages(''apple'', pg_temp.community(), %s)', arguments)), ', ')
   from unnest(array['p_before_seq => 1', 'p_before_created_at => now()', 'p_before_channel_id => gen_random_uuid(), p_before_seq => 1', 'p_before_channel_id => gen_random_uuid(), p_before_created_at => now()']) as arguments),
  'PT422 invalid_argument p_before_seq', 'a page goes on after a message that is named whole'
);
select is(
  (select string_agg(distinct pg_temp.refused_field(format('select search_messages(''apple'', pg_temp.community(), p_limit => %s)', size)), ', ') from unnest(array['0', '-1', '101', 'null']) as size),
  'PT422 invalid_argument p_limit', 'and has 1 to 100'
);
select is(
  (select count(*)
   from unnest(array['-infinity', '0001-01-01 BC', 'infinity']::timestamptz[]) as t, unnest(array[-9223372036854775808, 9223372036854775807]) as n,
     search_messages('apple', pg_temp.community(), null, t, 'ffffffff-ffff-ffff-ffff-ffffffffffff', n)),
  4::bigint, 'any time and number will do, however far'
);

-- Limits, and who is gone.
reset role;
select pg_temp.refill();
update private.rate_limit_catalog set capacity = 1, period = '1 day' where key = 'message_search';
select pg_temp.become('max');
select is(pg_temp.refused_search('-apple'), 'PT422 invalid_argument p_query', 'what is refused is not counted');
select is(pg_temp.refused_search('apple'), 'none', 'what is not, is');
select is(pg_temp.refusal('select search_messages(''apple'', pg_temp.community())', 'limit'), 'PT429 rate_limited message_search', 'and too many are refused');
select pg_temp.become('bob');
select is(pg_temp.refused_search('apple'), 'none', 'nobody else''s');
select leave_community(pg_temp.community());
select is(pg_temp.refused_search('apple'), 'PT404 not_found p_community_id', 'who has left searches no more');
select is(pg_temp.refused_field('select search_messages(''apple'', pg_temp.community(), pg_temp.channel())'), 'PT404 not_found p_community_id', 'in no channel');

select * from finish();
rollback;
