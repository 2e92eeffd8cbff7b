-- export_files: what lies in the bucket, one row for each object until Storage has removed it, whatever becomes of the account meanwhile.
create table private.export_files (
  path text primary key,
  -- From when on nobody reads it and it is to be removed.
  remove_at timestamptz not null,
  -- When it was last handed out for removal.
  claimed_at timestamptz
);

create index export_files_remove_at on private.export_files (remove_at);

revoke all on table private.export_files from public, anon, authenticated, service_role;

-- An object whose export is not there, because the account has ended in the meantime, is to be removed at once.
create function private.keep_export_file()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    delete from private.export_files f where f.path = old.name;
    return null;
  end if;
  insert into private.export_files as f (path, remove_at)
  select new.name, case
    when exists (
      select from private.data_exports d
      where private.export_path(d) = new.name and d.id::text = pg_catalog.split_part(pg_catalog.split_part(new.name, '/', 2), '.', 1)
        and not private.is_ending(d.user_id)
    ) then pg_catalog.now() + interval '7 days'
    else pg_catalog.now()
  end
  on conflict (path) do update set remove_at = excluded.remove_at, claimed_at = null;
  return null;
end
$$;

revoke all on function private.keep_export_file() from public, anon, authenticated, service_role;

create trigger guildhall_keep_export_file
after insert on storage.objects
for each row when (new.bucket_id = 'exports')
execute function private.keep_export_file();

create trigger guildhall_forget_export_file
after delete on storage.objects
for each row when (old.bucket_id = 'exports')
execute function private.keep_export_file();

-- With the account go its exports. Not only those that are known to be there: one may be on its way (see keep_export_file).
create function private.release_exports()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.export_files f set remove_at = pg_catalog.now()
  where f.path in (
    select private.export_path(d) from private.data_exports d where d.user_id = (pg_catalog.to_jsonb(old) ->> 'id')::uuid
  ) and f.remove_at > pg_catalog.now();
  return old;
end
$$;

revoke all on function private.release_exports() from public, anon, authenticated, service_role;

create trigger identity_release_exports
before delete on public.profiles
for each row execute function private.release_exports();

-- may_read_export: whether the caller may read the file at this path of the bucket. About the caller only.
create function private.may_read_export(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  return exists (
    select
    from private.data_exports d
    join private.export_files f on f.path = private.export_path(d)
    where d.user_id = v_user_id and d.state = 'ready' and f.path = p_path and f.remove_at > pg_catalog.now()
  ) and not private.is_ending(v_user_id);
end
$$;

revoke all on function private.may_read_export(text) from public, anon, authenticated, service_role;
grant execute on function private.may_read_export(text) to authenticated;

-- Only who it is about, and only by its path: nobody lists the bucket. Nobody but the secret key writes there.
create policy guildhall_exports_select on storage.objects
for select to authenticated using (
  bucket_id = 'exports'
  and (
    select coalesce(pg_catalog.current_setting('storage.operation', true), '') not in (
      'storage.object.list', 'storage.object.list_v2', 'storage.s3.object.list'
    )
  )
  and private.may_read_export(name)
);
