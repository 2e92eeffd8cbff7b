begin;
select plan(34);
\ir ../shared.psql
\ir ../files.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'manager', 'outsider', 'staff');
select pg_temp.appoint('staff', 'admin');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo', 'manager']) as name;
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'moderators');
select set_role_permissions(pg_temp.role('moderators'), '{view_channel,read_history,manage_messages,manage_reports,ban_members}');
select grant_role(pg_temp.community(), md5('manager')::uuid, pg_temp.role('moderators'));
select pg_temp.upload('bob', 'picture', p_metadata => '{"size": 5, "mimetype": "image/png", "eTag": "\"9a0364b9e99bb480dd25e1f0284c8555\""}');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'what he said', p_attachments => pg_temp.file('picture'));
select edit_message(pg_temp.channel(), 1, 'what he said then');
select pg_temp.become('cleo');
select send_message(pg_temp.channel(), 'an answer');
select set_config('test.message', (report_message(pg_temp.channel(), 1, 'hate')).id::text, true);
select set_config('test.user', (report_user(md5('bob')::uuid, 'hate')).id::text, true);
select set_config('test.community', (report_community(pg_temp.community(), 'hate')).id::text, true);
-- The file's path names the channel, which will be gone.
select set_config('test.path', pg_temp.file_path('bob', 'picture'), true);

-- What staff are shown now, as it was at first; and who else is shown it.
create function pg_temp.opened() returns jsonb language sql as $$
  select jsonb_object_agg(kind, get_report(current_setting('test.' || kind)::uuid) -> 'evidence')
  from unnest(array['message', 'user', 'community']) as kind
$$;
create temp table first_opened (evidence jsonb);
grant all on first_opened to authenticated;
select pg_temp.become('staff');
insert into first_opened select pg_temp.opened();
select is(
  array[
    evidence #>> '{message,message,body}', evidence #>> '{message,edits,0,body}', evidence #>> '{message,around,0,body}',
    evidence #>> '{message,message,attachments,0,path}', evidence #>> '{message,author,id}', evidence #>> '{user,user,id}',
    evidence #>> '{community,community,name}'
  ],
  array[
    'what he said then', 'what he said', 'an answer', current_setting('test.path'), md5('bob')::uuid::text, md5('bob')::uuid::text, 'Rust'
  ],
  'the evidence is whole at first'
) from first_opened;

create function pg_temp.is_kept(p_after text) returns setof text language plpgsql as $$
declare
  v_name text;
begin
  perform pg_temp.become('staff');
  return next is(pg_temp.opened(), (select evidence from first_opened), p_after || ' the evidence still opens for staff, unchanged');
  foreach v_name in array array['ann', 'bob', 'cleo', 'manager', 'outsider'] loop
    perform pg_temp.become(v_name);
    return next is(
      array(
        select distinct pg_temp.refused_field(format('select get_report(%L)', current_setting('test.' || kind)))
        from unnest(array['message', 'user', 'community']) as kind
      ),
      array['PT404 not_found p_report_id'], 'and not for ' || v_name
    );
  end loop;
end
$$;

select pg_temp.become('bob');
select delete_message(pg_temp.channel(), 1);
select pg_temp.is_kept('with the message deleted');

reset role;
-- As the Storage API does it for the sweep.
set local request.jwt.claims = '{"role": "service_role"}';
select ok(pg_temp.removes(current_setting('test.path')), 'Storage has removed the file');
select pg_temp.is_kept('with the file removed');

reset role;
select pg_temp.delete_account('bob');
select pg_temp.is_kept('with the author''s account deleted');

select pg_temp.become('ann');
select delete_channel(pg_temp.channel());
reset role;
select pg_temp.first_to_sweep();
select private.sweep_messages();
delete from private.channel_heads h where h.deleted_at = '1999-01-01';
select pg_temp.is_kept('with the channel deleted');

select pg_temp.become('ann');
select delete_community(pg_temp.community(), 'Rust');
select pg_temp.is_kept('with the community deleted');

reset role;
select pg_temp.delete_account('cleo');
select pg_temp.become('staff');
select is(pg_temp.opened(), (select evidence from first_opened), 'with the account deleted of who made them, too');

-- And they are worked on as before.
select assign_report(current_setting('test.message')::uuid);
select resolve_report(current_setting('test.message')::uuid, 'Nothing is left of it.');
select is(
  get_report(current_setting('test.message')::uuid) #>> '{report,state}', 'resolved', 'what is about nothing any more can be ended'
);

select * from finish();
rollback;
