-- erase_messages: a step of an account's end (see erasure_steps): what becomes of the messages, as its owner has chosen; without a choice they
-- become anonymous. Of each channel, those
-- of a batch are one change: one revision, one entry of the feed, one broadcast with all their numbers.
-- What bans have hidden goes in any case: it is known by its author, and without one it would be shown again. So a spammer's last
-- act would be to bring all of it back.
-- Channels in the order in which sweep_threads takes them: a community's by their id, threads before the channel they belong to.
create function private.erase_messages(p_user_id uuid, p_batch integer)
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel record;
  v_head private.channel_heads;
  v_removed bigint[];
  v_seen integer := 0;
  v_are_removed boolean := exists (
    select from private.account_endings e where e.user_id = p_user_id and e.messages = 'remove'
  );
begin
  for v_channel in
    select h.channel_id, h.community_id, pg_catalog.array_agg(w.seq order by w.seq) as seqs
    from (select m.channel_id, m.seq from public.messages m where m.author_id = p_user_id limit p_batch) w
    join private.channel_heads h on h.channel_id = w.channel_id
    group by h.channel_id
    order by h.community_id, coalesce(h.parent_id, h.channel_id), h.parent_id is null, h.channel_id
  loop
    v_seen := v_seen + pg_catalog.cardinality(v_channel.seqs);
    perform private.hold_access(v_channel.community_id);
    select h.* into v_head from private.channel_heads h where h.channel_id = v_channel.channel_id for no key update;
    if v_head.deleted_at is not null then
      -- Nobody reads there any more.
      delete from public.messages m where m.channel_id = v_channel.channel_id and m.seq = any (v_channel.seqs);
      continue;
    end if;

    v_removed := case
      when v_are_removed then v_channel.seqs
      else array(
        select m.seq
        from public.messages m
        join private.hidden_messages h on h.community_id = v_channel.community_id and h.author_id = p_user_id
        where m.channel_id = v_channel.channel_id and m.seq = any (v_channel.seqs)
          and m.author_id = p_user_id and m.created_at between h.since and h.until
      )
    end;
    perform private.remove_messages(v_channel.channel_id, v_removed, null, p_is_logged => false);
    perform private.anonymise_messages(v_channel.channel_id, p_user_id, v_channel.seqs);
  end loop;
  return v_seen;
end
$$;

revoke all on function private.erase_messages(uuid, integer) from public, anon, authenticated, service_role;

-- anonymise_messages: these messages, as far as they are there and this author's, are nobody's from now on. The caller holds the
-- channel's head. Without an author the nonce is no one's either.
create function private.anonymise_messages(p_channel_id uuid, p_author_id uuid, p_seqs bigint[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_revision bigint;
  v_seqs bigint[] := array(
    select m.seq from public.messages m
    where m.channel_id = p_channel_id and m.seq = any (p_seqs) and m.author_id = p_author_id
    order by m.seq
  );
begin
  if v_seqs = array[]::bigint[] then
    return;
  end if;
  v_revision := private.next_revision(p_channel_id);
  update public.messages m
  set author_id = null, author_name = null, client_nonce = null, revision = v_revision
  where m.channel_id = p_channel_id and m.seq = any (v_seqs);
  insert into private.channel_events (channel_id, revision, kind, seq, seqs)
  values (p_channel_id, v_revision, 'anonymised', v_seqs[1], v_seqs);
  perform private.broadcast(
    private.channel_topic(p_channel_id), 'message_anonymised',
    pg_catalog.jsonb_build_object('revision', v_revision, 'kind', 'anonymised', 'seq', v_seqs[1], 'seqs', v_seqs)
  );
end
$$;

revoke all on function private.anonymise_messages(uuid, uuid, bigint[]) from public, anon, authenticated, service_role;

insert into private.erasure_steps (name, place) values ('erase_messages', 10);

-- Where an account is deleted in the auth service, all that is left of what it wrote becomes anonymous at once, unless its owner has chosen.
-- Its locks are held (see change_access_before_account_ends).
create function private.anonymise_messages_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.erase_messages(old.id, null);
  return old;
end
$$;

revoke all on function private.anonymise_messages_before_account_ends() from public, anon, authenticated, service_role;

create trigger messages_anonymise_before_account_ends
before delete on public.profiles
for each row execute function private.anonymise_messages_before_account_ends();
