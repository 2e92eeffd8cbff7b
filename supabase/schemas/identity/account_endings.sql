-- account_endings: accounts whose owner has ended them. From the moment the row is there nobody is behind the account any more, to every
-- gate; what it wrote goes in batches (see end_accounts), and the account itself, with this row, last.
-- Domains that have something to take away at once do so by triggers on this table. What they hold a lock for comes before the row.
create table private.account_endings (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  -- What becomes of the messages.
  messages text not null check (messages in ('anonymise', 'remove')),
  requested_at timestamptz not null default pg_catalog.clock_timestamp(),
  -- What stood in the way of the last step; null: nothing.
  error text,
  failed_at timestamptz
);

create index account_endings_requested_at on private.account_endings (requested_at);

revoke all on table private.account_endings from public, anon, authenticated, service_role;

-- is_ending: whether somebody has ended their account.
create function private.is_ending(p_user_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from private.account_endings e where e.user_id = p_user_id);
end
$$;

revoke all on function private.is_ending(uuid) from public, anon, authenticated, service_role;

-- refuse_ending_account: for the tables whose rows give somebody a right or a duty. The trigger's argument is the column with the user.
-- Whoever ends an account locks its profile first: a row that was on its way is there by then and goes, and a later one waits
-- and is refused here.
create function private.refuse_ending_account()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (pg_catalog.to_jsonb(new) ->> tg_argv [0])::uuid;
begin
  perform from public.profiles p where p.id = v_user_id for key share;
  if private.is_ending(v_user_id) then
    if v_user_id = (select auth.uid()) then
      perform private.fail('session_required', 'This account is gone.', 401);
    end if;
    perform private.fail('not_found', 'There is no such user.', 404);
  end if;
  return new;
end
$$;

revoke all on function private.refuse_ending_account() from public, anon, authenticated, service_role;
