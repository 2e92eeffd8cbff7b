-- chat_pair: a direct channel of two who both have an external id. In no order: which of them is the one says nothing.
create type private.chat_pair as (
  channel_id uuid,
  thread_id text,
  one_id uuid,
  one_mongo_id text,
  other_id uuid,
  other_mongo_id text
);

-- Of a channel; null where it is no such one.
create function private.chat_pair(p_channel_id uuid)
returns private.chat_pair
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair;
begin
  select d.id, private.chat_thread_id(l.external_id, h.external_id), l.user_id, l.external_id, h.user_id, h.external_id
  into v_pair
  from private.direct_channels d
  join private.external_identities l on l.user_id = d.low_id and l.provider = private.chat_provider()
  join private.external_identities h on h.user_id = d.high_id and h.provider = private.chat_provider()
  where d.id = p_channel_id;
  return v_pair;
end
$$;

revoke all on function private.chat_pair(uuid) from public, anon, authenticated, service_role;

-- By its thread id, whoever asks: the caller checks that it is theirs, and that it is not called otherwise, like both ids the other way
-- round. Null where there is none.
create function private.find_chat_pair(p_thread_id text)
returns private.chat_pair
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_one_id uuid := private.user_of_external_id(private.chat_provider(), pg_catalog.split_part(p_thread_id, '_', 1));
  v_other_id uuid := private.user_of_external_id(private.chat_provider(), pg_catalog.split_part(p_thread_id, '_', 2));
begin
  return private.chat_pair((
    select d.id from private.direct_channels d
    where d.low_id = least(v_one_id, v_other_id) and d.high_id = greatest(v_one_id, v_other_id)
  ));
end
$$;

revoke all on function private.find_chat_pair(text) from public, anon, authenticated, service_role;
