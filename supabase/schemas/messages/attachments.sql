-- attachments: what is in the bucket, one row for each object from its upload until Storage has removed it. It says which message an
-- object belongs to, so that a policy asks one index and a sweep never walks the bucket.
create table private.attachments (
  path text primary key,
  channel_id uuid not null,
  user_id uuid not null,
  -- The message it was sent with; null: not sent. It stays when the message goes: what was sent once is never sent again.
  seq bigint,
  -- What clients are shown of it; null: not sent.
  shown jsonb,
  -- From when on nobody reads it and it is to be removed.
  remove_at timestamptz not null,
  -- When it was last handed out for removal (see claim_attachment_removals).
  claimed_at timestamptz
);

create index attachments_message on private.attachments (channel_id, seq) where seq is not null;
create index attachments_user_id on private.attachments (user_id) where seq is null;
create index attachments_remove_at on private.attachments (remove_at);

revoke all on table private.attachments from public, anon, authenticated, service_role;

-- has_room_for_attachment: whether somebody has fewer than 50 files there that are not sent.
create function private.has_room_for_attachment(p_user_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select pg_catalog.count(*) < 50
    from (select from private.attachments a where a.user_id = p_user_id and a.seq is null limit 50) unsent
  );
end
$$;

revoke all on function private.has_room_for_attachment(uuid) from public, anon, authenticated, service_role;

-- Storage asks the policies before it takes a file and writes the row afterwards, as a superuser: uploads that run side by side, and
-- upload URLs that were signed before, pass them all together. So the bounds are kept here once more, where the row is written, and
-- whoever writes it. Of all refusals Storage hands on only 42501 as what it is.
create function private.keep_attachment()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ids uuid[] := private.attachment_ids(new.name);
begin
  if v_ids is null then
    raise insufficient_privilege using message = 'Files lie at <channel id>/<user id>/<uuid> in this bucket.';
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('attachments:' || v_ids [2], 0));
  -- volatile: it sees what the one before has committed.
  if not private.has_room_for_attachment(v_ids [2]) then
    raise insufficient_privilege using message = 'There are 50 files that were not sent: send or remove some first.';
  end if;

  insert into private.attachments (path, channel_id, user_id, remove_at)
  values (new.name, v_ids [1], v_ids [2], pg_catalog.now() + interval '24 hours');
  return null;
end
$$;

revoke all on function private.keep_attachment() from public, anon, authenticated, service_role;

create trigger guildhall_keep_attachment
after insert on storage.objects
for each row when (new.bucket_id = 'attachments')
execute function private.keep_attachment();

-- A file that is there is never another: an upload that began before the first had ended would take its place, also when that was
-- sent and checked long ago.
create function private.refuse_changed_attachment()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise insufficient_privilege using message = 'Files in this bucket do not change.';
end
$$;

revoke all on function private.refuse_changed_attachment() from public, anon, authenticated, service_role;

create trigger guildhall_refuse_changed_attachment
before update on storage.objects
for each row when (
  (old.bucket_id = 'attachments' or new.bucket_id = 'attachments')
  and (old.bucket_id, old.name, old.version, old.owner_id, old.metadata)
    is distinct from (new.bucket_id, new.name, new.version, new.owner_id, new.metadata)
)
execute function private.refuse_changed_attachment();

-- What its owner removes was never sent. Asked once more behind the lock of the row, which a send holds until it commits.
create function private.forget_attachment()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_attachment private.attachments;
begin
  delete from private.attachments a where a.path = old.name returning a.* into v_attachment;
  if v_attachment.seq is not null and auth.role() = 'authenticated' then
    raise insufficient_privilege using message = 'What was sent goes with its message.';
  end if;
  return null;
end
$$;

revoke all on function private.forget_attachment() from public, anon, authenticated, service_role;

create trigger guildhall_forget_attachment
after delete on storage.objects
for each row when (old.bucket_id = 'attachments')
execute function private.forget_attachment();

-- However a message goes, its files go with it.
create function private.release_attachments()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.attachments a set remove_at = pg_catalog.now()
  where a.channel_id = old.channel_id and a.seq = old.seq and a.remove_at > pg_catalog.now();
  return null;
end
$$;

revoke all on function private.release_attachments() from public, anon, authenticated, service_role;

create trigger messages_release_attachments
after delete on public.messages
for each row when (old.attachments <> '[]')
execute function private.release_attachments();
