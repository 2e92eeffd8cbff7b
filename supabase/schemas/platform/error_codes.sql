-- error_codes: whose fault a failure is, by its code. Faults use up a function's error budget; everything else is what a caller
-- was rightly told. What is not listed is counted as `other`, and is a fault: nobody foresaw it. So is what a row is missing for.
-- An operator may change a row; the next record follows it, and what is counted already takes its new meaning.
create table private.error_codes (
  code text primary key check (code ~ '^[a-z][a-z0-9_]{0,39}$'),
  is_fault boolean not null,
  description text not null
);

revoke all on table private.error_codes from public, anon, authenticated, service_role;

insert into private.error_codes (code, is_fault, description) values
  ('other', true, 'A code that is not listed here'),
  ('internal', true, 'The backend is not set up as it must be'),
  ('database_error', true, 'The database failed in a way that no function foresaw'),
  ('timeout', true, 'No answer in time, from the function or from anybody'),
  ('unavailable', true, 'A gateway answered for the database, or the database had no connection left'),
  ('provider_unavailable', true, 'A service that the backend needs does not answer or is not set up'),
  ('unexpected', true, 'The adapter itself failed'),
  ('unexpected_answer', true, 'The answer was not what the contract promises'),
  ('contract_mismatch', true, 'The database lacks what the client was made for: one of the two was not deployed'),
  ('invalid_argument', false, 'An argument is not as documented'),
  ('body_too_long', false, 'A message is too long'),
  ('session_required', false, 'Not signed in, or no longer'),
  ('recent_sign_in_required', false, 'The session is too old for this'),
  ('missing_permission', false, 'A right is missing'),
  ('role_hierarchy', false, 'Not below the caller''s highest role'),
  ('timed_out', false, 'The caller has a timeout'),
  ('banned', false, 'The caller is banned'),
  ('blocked', false, 'Somebody does not take this from the caller'),
  ('not_linked', false, 'The account has no id in the other system'),
  ('not_found', false, 'It does not exist, for the caller at least'),
  ('conflict', false, 'The state does not allow it'),
  ('limit_reached', false, 'There are as many as there may be'),
  ('expired', false, 'It was valid once'),
  ('method_not_allowed', false, 'HTTP: the address is not asked by this method'),
  ('payload_too_large', false, 'HTTP: the body is longer than any that could be meant'),
  ('origin_not_allowed', false, 'HTTP: the page that asks is not on the list'),
  ('rate_limited', false, 'Too many calls'),
  ('slow_mode', false, 'The channel makes everybody wait'),
  ('aborted', false, 'The caller gave up'),
  ('closed', false, 'The caller closed what it was using'),
  -- A phone in a tunnel says the same as one whose server is down. That the server is up, an uptime check says (health).
  ('network_error', false, 'The server could not be reached from where the caller is'),
  -- What Supabase Auth calls them.
  ('invalid_credentials', false, 'Auth: wrong password, or no such account'),
  ('email_not_confirmed', false, 'Auth: the address is not confirmed yet'),
  ('user_banned', false, 'Auth: the account is banned'),
  ('user_already_exists', false, 'Auth: there is such an account'),
  ('email_exists', false, 'Auth: there is an account with this address'),
  ('weak_password', false, 'Auth: the password is too easily guessed'),
  ('validation_failed', false, 'Auth: what was sent is not as it must be'),
  ('otp_expired', false, 'Auth: the code was valid once'),
  ('bad_jwt', false, 'Auth: the token is not valid'),
  ('session_expired', false, 'Auth: the session was valid once'),
  ('session_not_found', false, 'Auth: the session has ended'),
  ('refresh_token_not_found', false, 'Auth: the session has ended'),
  ('refresh_token_already_used', false, 'Auth: the session was continued elsewhere'),
  ('captcha_failed', false, 'Auth: the captcha was not solved'),
  ('over_request_rate_limit', false, 'Auth: too many calls'),
  ('over_email_send_rate_limit', false, 'Auth: too many mails');
