-- delete_messages: Gate: manage_messages. Limits: message_delete per user, one for all of them.
create function private.delete_messages(p_channel_id uuid, p_seqs bigint[], p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'manage_messages');
  if p_seqs is null
    or pg_catalog.array_ndims(p_seqs) > 1
    or pg_catalog.cardinality(p_seqs) not between 1 and 100
    or pg_catalog.array_position(p_seqs, null) is not null
  then
    perform private.fail(
      'invalid_argument', 'Name 1 to 100 messages.', 422, pg_catalog.jsonb_build_object('field', 'p_seqs', 'max', 100)
    );
  end if;
  perform private.take_token('message_delete', (select auth.uid())::text);
  perform private.remove_messages(p_channel_id, p_seqs, p_reason);
end
$$;

revoke all on function private.delete_messages(uuid, bigint[], text) from public, anon, authenticated, service_role;
grant execute on function private.delete_messages(uuid, bigint[], text) to authenticated;

create function public.delete_messages(p_channel_id uuid, p_seqs bigint[], p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_messages(p_channel_id, p_seqs, p_reason); $$;

comment on function public.delete_messages(uuid, bigint[], text) is
$$Deletes several messages at once: one change of the channel. Those that are gone already are passed over. Needs
`manage_messages`.
@param p_seqs 1 to 100 numbers
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited
@idempotent
@sdk deleteMany$$;

revoke all on function public.delete_messages(uuid, bigint[], text) from public, anon, authenticated, service_role;
grant execute on function public.delete_messages(uuid, bigint[], text) to authenticated;
