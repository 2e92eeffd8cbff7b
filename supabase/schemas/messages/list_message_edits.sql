-- message_edit: what a message once said.
create type public.message_edit as (
  revision bigint,
  body text,
  edited_at timestamptz
);

comment on type public.message_edit is $$What a message said before it was edited.
@not_null revision, body, edited_at$$;
comment on column public.message_edit.revision is 'The message''s revision while it said this.';
comment on column public.message_edit.edited_at is 'When it said this no longer.';

-- list_message_edits: Gate: manage_messages.
create function private.list_message_edits(p_channel_id uuid, p_seq bigint)
returns setof public.message_edit
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'manage_messages');
  perform private.require_message(p_channel_id, p_seq);

  return query
  select e.revision, e.body, e.edited_at
  from private.message_edits e
  where e.channel_id = p_channel_id and e.seq = p_seq
  order by e.revision desc
  limit 100;
end
$$;

revoke all on function private.list_message_edits(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.list_message_edits(uuid, bigint) to authenticated;

create function public.list_message_edits(p_channel_id uuid, p_seq bigint)
returns setof public.message_edit
language sql stable security invoker set search_path = ''
as $$ select * from private.list_message_edits(p_channel_id, p_seq); $$;

comment on function public.list_message_edits(uuid, bigint) is
$$Returns what a message said before, the last first: at most the last 100. Needs `manage_messages`.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_message_edits(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.list_message_edits(uuid, bigint) to authenticated;
