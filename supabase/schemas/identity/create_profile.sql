-- create_profile: every new user gets a profile, whatever the sign-up metadata say. A sign-up never fails here:
-- a name that is taken, too short, too long or made of anything else is turned into one that fits.
create function private.create_profile(p_user_id uuid, p_metadata jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_display_name text := pg_catalog.btrim(pg_catalog.left(
    private.strip_hidden(coalesce(p_metadata ->> 'display_name', p_metadata ->> 'username', '')), 32
  ));
  v_wanted text := pg_catalog.left(
    pg_catalog.regexp_replace(pg_catalog.lower(coalesce(p_metadata ->> 'username', '')), '[^a-z0-9_]+', '_', 'g'), 32
  );
  v_username text;
begin
  if v_wanted !~ '[a-z0-9]' or pg_catalog.char_length(v_wanted) < 2 then
    v_wanted := 'user';
  end if;

  -- The name itself first, unless it is the stand-in; then with a random suffix; at last one that cannot be taken.
  for v_attempt in 1..4 loop
    v_username := case
      when v_attempt = 1 and v_wanted <> 'user' then v_wanted
      when v_attempt < 4 then
        pg_catalog.left(v_wanted, 23) || '_' || pg_catalog.left(pg_catalog.md5(pg_catalog.gen_random_uuid()::text), 8)
      else pg_catalog.replace(p_user_id::text, '-', '')
    end;

    insert into public.profiles (id, username, display_name)
    values (p_user_id, v_username, case when private.is_blank(v_display_name) then v_username else v_display_name end)
    on conflict do nothing;

    exit when exists (select from public.profiles p where p.id = p_user_id);
  end loop;
end
$$;

revoke all on function private.create_profile(uuid, jsonb) from public, anon, authenticated, service_role;
