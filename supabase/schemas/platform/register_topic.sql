-- register_topic: adds a topic to the registry and generates the two policies on realtime.messages anew.
-- Realtime asks them once per join (SELECT: may receive) and once before the first send (INSERT: may send), with the
-- topic in realtime.topic() and the kind of right in the column extension. Nothing else of the row may be read there.
create function private.register_topic(
  p_prefix text,
  p_description text,
  p_receive text default null,
  p_send text default null,
  p_presence text default null
)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_policy record;
  v_cases text;
begin
  insert into private.topics (prefix, description, receive, send, presence)
  values (p_prefix, p_description, p_receive, p_send, p_presence);

  for v_policy in
    select *
    from (values ('guildhall_receive', 'select', 'using'), ('guildhall_send', 'insert', 'with check'))
      as policies (name, command, clause)
  loop
    select pg_catalog.string_agg(
      pg_catalog.format(
        'when %L then case extension when %L then %s when %L then %s else false end',
        t.prefix,
        'broadcast', coalesce('private.' || pg_catalog.quote_ident(
          case v_policy.command when 'select' then t.receive else t.send end) || '((select realtime.topic()))', 'false'),
        'presence', coalesce('private.' || pg_catalog.quote_ident(t.presence) || '((select realtime.topic()))', 'false')
      ),
      ' ' order by t.prefix collate "C"
    )
    into v_cases
    from private.topics t;

    execute pg_catalog.format('drop policy if exists %I on realtime.messages', v_policy.name);
    execute pg_catalog.format(
      'create policy %I on realtime.messages for %s to authenticated %s (case pg_catalog.split_part((select realtime.topic()), %L, 1) %s else false end)',
      v_policy.name, v_policy.command, v_policy.clause, ':', v_cases
    );
  end loop;
end
$$;

revoke all on function private.register_topic(text, text, text, text, text) from public, anon, authenticated, service_role;
